using System.CommandLine;
using Workbench.Notebooks.Format;

namespace Workbench.Host.Cli;

internal static class NotebookConvertCommand
{
    public static Command Create()
    {
        var from = new Argument<string>("from") { Description = "A notebook (.ipynb, .dib), or a script such as .csx or .sql." };
        var to = new Argument<string>("to") { Description = "The notebook to write, .ipynb or .dib; one that is there is replaced." };
        var command = new Command("convert", "Turn a .dib of .NET Interactive into an .ipynb, or an .ipynb into a .dib.") { from, to };
        command.SetAction(parsed =>
        {
            var lost = NotebookConverter.Convert(parsed.GetValue(from)!, parsed.GetValue(to)!);
            foreach (var what in lost)
                Console.Error.WriteLine($"Not in the .dib, which cannot hold them: {what}.");
            Console.WriteLine(parsed.GetValue(to));
        });
        return command;
    }
}

using System.CommandLine;
using System.Text.Json;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Parameters;

namespace Workbench.Host.Cli;

/// <summary>What papermill's --help-notebook shows.</summary>
internal static class NotebookInspectCommand
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var notebook = new Argument<string>("notebook") { Description = "A notebook, such as notebooks/02-train.ipynb." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("inspect", "The parameters that a notebook declares, with types and defaults.") { notebook, json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(notebook)!;
            var document = NotebookDocument.Load(path);
            var parameters = NotebookParameters.Read(document);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(parameters, Layout));
            else
                TextTable.Write(["parameter", "type", "default", "description"], parameters.Select(one => new[]
                {
                    one.Name, one.TypeName ?? "unknown", OneLine(one.DefaultText), one.Choices.Count > 0 ? $"{one.Description} ({string.Join(", ", one.Choices)})".Trim() : one.Description ?? "",
                }), document.Cells.Any(cell => cell.HasTag(CellTags.Parameters))
                    ? $"The cell tagged 'parameters' of '{path}' declares no variable."
                    : $"'{path}' has no cell tagged 'parameters'. Tag the cell that declares them.");
        });
        return command;
    }

    private static string OneLine(string? text) => text is null ? "none" : string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}

using System.CommandLine;
using Workbench.Data.Samples;

namespace Workbench.Host.Cli;

internal static class SampleCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "Where the sample data goes.", DefaultValueFactory = _ => Path.Combine("data", "samples") };
        var seed = new Option<int>("--seed") { Description = "Seed of the generator; the committed data has the default.", DefaultValueFactory = _ => SampleData.Seed };
        var generate = new Command("generate", "Write the sample data: churn (18 months) and chat (two years).") { folder, seed };
        generate.SetAction(parsed =>
        {
            foreach (var file in SampleData.Generate(parsed.GetValue(folder)!, parsed.GetValue(seed)))
                Console.WriteLine(file);
        });
        return new Command("sample", "The sample data.") { generate };
    }
}

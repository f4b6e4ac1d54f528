using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Promotion;

namespace Workbench.Notebooks.Tests.Promotion;

public sealed class NotebookPromoterTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Promote_TaggedCells_GivesTheChainWithItsData()
    {
        var definition = NotebookPromoter.Promote(Churn(), Options() with { Cron = "0 3 * * *", TimeZone = "Europe/Vienna" }).Definition;
        var root = definition["root"]!;

        Assert.Equal(["Start1", "Cron1", "train", "evaluate", "CompareWithChampion1", "PromoteModel1"], root["activities"]!.AsArray().Select(activity => activity!["id"]!.ToString()));
        Assert.Equal(
            ["Start1.Done-train", "Cron1.Done-train", "train.Done-evaluate", "evaluate.Done-CompareWithChampion1", "CompareWithChampion1.Passed-PromoteModel1"],
            root["connections"]!.AsArray().Select(connection => $"{connection!["source"]!["activity"]}.{connection["source"]!["port"]}-{connection["target"]!["activity"]}"));
        var train = Activity(definition, "train");
        Assert.Equal("Workbench.RunNotebookStep", train["type"]!.ToString());
        Assert.Equal("notebook.ipynb", train["notebook"]!["expression"]!["value"]!.ToString());
        Assert.Equal(NotebookHash.Of(NotebookDocument.Load(_files.At("notebook.ipynb"))).Value, train["notebookHash"]!["expression"]!["value"]!.ToString());
        Assert.Equal("model", train["model"]!["memoryReference"]!["id"]!.ToString());
        Assert.Equal(["model"], Names(train["stepOutputs"]));
        Assert.Equal("""{"months":{"$input":"months"},"rate":{"$input":"rate"}}""", train["parameters"]!["expression"]!["value"]!.ToJsonString());
        var evaluate = Activity(definition, "evaluate");
        Assert.Equal("""{"model":{"$variable":"model"}}""", evaluate["stepInputs"]!["expression"]!["value"]!.ToJsonString());
        Assert.Equal(["candidate"], Names(evaluate["stepOutputs"])); // no step uses it; the gate does
        Assert.Equal("candidate", Activity(definition, "CompareWithChampion1")["candidate"]!["expression"]!["value"]!.ToString());
        Assert.Equal("Europe/Vienna", Activity(definition, "Cron1")["customProperties"]!["timeZone"]!.ToString());
        Assert.Equal("""[{"name":"months","type":"Int32","displayName":"months","defaultValue":12},{"name":"rate","type":"Double","displayName":"rate","defaultValue":0.1}]""", definition["inputs"]!.ToJsonString());
        Assert.Equal(["model", "candidate"], definition["variables"]!.AsArray().Select(variable => variable!["name"]!.ToString()));
        Assert.Equal("drift", definition["customProperties"]!["triggers"]![0]!["type"]!.ToString());
    }

    [Fact]
    public void PromoteToFile_NotTheDefinitionOfAPromotion_IsRefusedAndKept()
    {
        foreach (var text in new[] { "[1]", "{", """{"root":{"activities":[]}}""" })
        {
            File.WriteAllText(_files.At("w.json"), text);

            var message = Assert.Throws<DataException>(() => NotebookPromoter.PromoteToFile(Churn(), _files.At("w.json"), Options())).Message;

            Assert.Contains("w.json", message, StringComparison.Ordinal);
            Assert.Equal(text, File.ReadAllText(_files.At("w.json")));
        }
    }

    [Fact]
    public void PromoteToFile_FolderThatCannotBeWritten_SaysWhich()
    {
        File.WriteAllText(_files.At("file"), "");

        Assert.Contains("file", Assert.Throws<DataException>(() => NotebookPromoter.PromoteToFile(Churn(), _files.At("file/w.json"), Options())).Message, StringComparison.Ordinal);
        Assert.Contains("Cannot read the workflow", Assert.Throws<DataException>(() => NotebookPromoter.PromoteToFile(Churn(), _files.Folder, Options())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Start1", "cannot be called 'Start1'")]
    [InlineData("a step:b", "carries step:a and step:b")]
    [InlineData("a setup", "carries the tag 'setup' and belongs to step 'a'")]
    [InlineData("9", "'9' is no name for a step")]
    public void Promote_WrongTags_SaysWhat(string tag, string expected) =>
        Assert.Contains(expected, Assert.Throws<DataException>(() => NotebookPromoter.Promote(_files.Notebook(("step:" + tag, "var x = 1;")), new() { DefinitionId = "x" })).Message, StringComparison.Ordinal);

    [Fact]
    public void Promote_PythonNotebook_SaysWhyNot()
    {
        var document = NotebookDocument.Create();
        document.Metadata["kernelspec"] = JsonNode.Parse("""{"name":"python3","language":"python","display_name":"Python 3"}""");
        document.Metadata.Remove("language_info");
        document.Cells.Add(NotebookCell.Code("c1", "x = 1", "step:a"));
        document.Save(_files.At("p.ipynb"));

        Assert.Contains("written in python", Assert.Throws<DataException>(() => NotebookPromoter.Promote(_files.At("p.ipynb"), new() { DefinitionId = "x" })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!step fit\nvar a = 1;", "disagree about its step: 'train' and 'fit'")]
    [InlineData("#!step train --in x,y --out a\nvar a = 1;", "disagree about its inputs: 'x' and 'x,y'")]
    [InlineData("#!step train --outt a\nvar a = 1;", "no option '--outt'")]
    public void Promote_TagAndMagicDisagree_NamesTheCell(string source, string expected)
    {
        var path = _files.Notebook(("step:train", source));
        var document = NotebookDocument.Load(path);
        document.Cells[0].Metadata["workbench"] = JsonNode.Parse("""{"step":{"inputs":["x"]}}""");
        document.Save(path);

        var message = Assert.Throws<DataException>(() => NotebookPromoter.Promote(path, new() { DefinitionId = "x" })).Message;

        Assert.Contains("cell 1 (id c1)", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "var x = 1;", "var y = free + 1;", "uses 'free' of cell 1 (id c1), which belongs to no step")]
    [InlineData("setup", "var x = 1;", "var y = nowhere;", "line 1: CS0103")]
    [InlineData("setup", "int F() => 2;", "var y = F();", "uses 'F' that step 'a' declares")]
    [InlineData("setup", "var x = new { A = 1 };", "var y = x.A;", "anonymous type")]
    [InlineData("setup", "var x = 1;", "#!step b --in z\nvar y = x;", "but it uses 'x' as well")]
    [InlineData("setup", "var x = 1;", "#!step b --in x,z\nvar y = x;", "input 'z', but no earlier step")]
    [InlineData("setup", "#!step a --out y\nvar x = 1;", "var y = x;", "but later steps use 'x' as well")]
    [InlineData("setup", "#!step a --out q\nvar x = 1;", "var y = 1;", "output 'q', but no cell declares")]
    [InlineData("setup", "var step = 1;", "var y = step;", "a name that the activity itself uses")]
    public void Promote_WrongDataFlow_SaysWhat(string firstTag, string a, string b, string expected)
    {
        var path = _files.Notebook((firstTag, "var free = 3;"), ("step:a", a), ("step:b", b));

        Assert.Contains(expected, Assert.Throws<DataException>(() => NotebookPromoter.Promote(path, new() { DefinitionId = "x" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Promote_NoTags_SaysHow() =>
        Assert.Contains("Tag cells with step:NAME", Assert.Throws<DataException>(() => NotebookPromoter.Promote(_files.Notebook(("", "1")), new() { DefinitionId = "x" })).Message, StringComparison.Ordinal);

    [Fact]
    public void Promote_NoCandidate_NamesTheVariable()
    {
        var path = _files.Notebook(("step:a", "var x = 1;"), ("step:b", "Console.WriteLine(x);"));

        Assert.Contains("variable 'candidate'", Assert.Throws<DataException>(() => NotebookPromoter.Promote(path, Options())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Promote_RetriesAndTimeout_AreSettingsOfTheActivity()
    {
        var path = _files.Notebook(("step:a", "#!step a --timeout 00:05:00 --retries 2\nvar x = 1;"));

        var custom = Activity(NotebookPromoter.Promote(path, new() { DefinitionId = "x" }).Definition, "a")["customProperties"]!;

        Assert.Equal(("00:05:00", 3), (custom["timeout"]!.ToString(), (int)custom["maxAttempts"]!));
    }

    private static JsonNode Activity(JsonNode definition, string id) => definition["root"]!["activities"]!.AsArray().Single(activity => activity!["id"]!.ToString() == id)!;

    private static IEnumerable<string> Names(JsonNode? input) => input!["expression"]!["value"]!.AsArray().Select(name => name!.ToString());

    private string Churn(string more = "") => _files.Notebook(
        ("parameters", "int months = 12;\nvar rate = 0.1;"),
        ("setup", "public record Model(double Weight);" + more),
        ("step:train", "var model = new Model(rate * months);"),
        ("step:evaluate", "var candidate = model.Weight > 1 ? 2 : 1;"));

    private PromotionOptions Options() => new()
    {
        DefinitionId = "churn-retrain",
        BaseDirectory = _files.Folder,
        ModelName = "churn",
        Triggers = [new() { ["type"] = "drift", ["model"] = "churn" }],
    };
}

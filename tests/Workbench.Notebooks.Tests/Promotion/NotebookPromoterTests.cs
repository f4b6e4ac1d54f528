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
        var definition = NotebookPromoter.Promote(Churn(), Options() with { Cron = "0 3 * * *", TimeZone = "Europe/Vienna" });
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
    public void PromoteToFile_Twice_IsTheSameAndKeepsTheLayout()
    {
        var path = _files.At("churn.json");
        NotebookPromoter.PromoteToFile(Churn(), path, Options());
        var first = File.ReadAllText(path);
        NotebookPromoter.PromoteToFile(Churn(), path, Options());
        Assert.Equal(first, File.ReadAllText(path));

        var moved = JsonNode.Parse(first)!;
        Activity(moved, "train")["metadata"]!["designer"]!["position"]!["x"] = 777;
        File.WriteAllText(path, moved.ToJsonString());
        var again = NotebookPromoter.PromoteToFile(Churn("int more = 1;"), path, Options());

        Assert.Equal(777, (int)Activity(again, "train")["metadata"]!["designer"]!["position"]!["x"]!);
        Assert.NotEqual(JsonNode.Parse(first)!["customProperties"]!["notebook"]!["hash"]!.ToString(), again["customProperties"]!["notebook"]!["hash"]!.ToString());
    }

    [Fact]
    public void Promote_ActivityOfTheDesigner_IsNotLostSilently()
    {
        var existing = NotebookPromoter.Promote(Churn(), Options());
        existing["root"]!["activities"]!.AsArray().Add(new JsonObject { ["id"] = "mail", ["type"] = "Workbench.SendMail" });

        Assert.Contains("mail", Assert.Throws<DataException>(() => NotebookPromoter.Promote(Churn(), Options() with { Existing = existing })).Message, StringComparison.Ordinal);
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
    public void Resolve_SqlAssignmentsAndNames_FollowTheData()
    {
        var path = _files.Notebook(
            ("setup", "double best = 0; string Describe(int trained) => $\"{trained}\";"),
            ("step:load", "#!sql --name customers\nSELECT 1 AS id"),
            ("step:load", "int limit = 2; var unused = 5; var trained = 1;"),
            ("step:score", "#!sql --name scored\nSELECT * FROM Customers LIMIT $limit"),
            ("step:score", "best = scored.Rows.Count;"),
            ("step:tell", "Console.WriteLine(best + Describe(trained: 3));\n{ var limit = 9; Console.WriteLine(limit); }"));

        var steps = StepAnalysis.Resolve(NotebookDocument.Load(path), path);

        Assert.Equal(
            ["load:  > customers,limit", "score: customers,limit > best", "tell: best > "], // the named argument trained: and the local limit are other things
            steps.Select(step => $"{step.Name}: {string.Join(',', step.Inputs)} > {string.Join(',', step.Outputs)}"));
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

        var custom = Activity(NotebookPromoter.Promote(path, new() { DefinitionId = "x" }), "a")["customProperties"]!;

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

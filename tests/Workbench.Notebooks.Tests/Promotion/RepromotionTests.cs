using System.Text.Json.Nodes;
using CsCheck;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Promotion;

namespace Workbench.Notebooks.Tests.Promotion;

/// <summary>Promotions into a definition that was edited as the designer edits it.</summary>
public sealed class RepromotionTests : IDisposable
{
    private static readonly (string Tags, string Source)[] Cells =
        [("parameters", "int months = 12;"), ("setup", "int Twice(int x) => 2 * x;"), ("step:load", "int rows = Twice(months);"), ("step:train", "int weight = rows + 1;"), ("step:report", "int score = weight + rows;")];

    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Promote_UnchangedNotebook_ChangesNothingWhateverWasEdited() => Gen.Int[0, 8].List[0, 12].Sample(edits =>
    {
        var edited = Promote(Cells).Definition;
        for (int index = 0; index < edits.Count; index++)
            Edit(edited, edits[index], index);

        var again = Promote(Cells, edited);

        Assert.Equal(edited.ToJsonString(), again.Definition.ToJsonString());
        Assert.Empty(again.Added.Concat(again.Updated).Concat(again.Removed));
    }, iter: 40, threads: 1);

    [Fact]
    public void Promote_ChangedNotebook_KeepsEveryEdit() => Gen.Int[0, 8].List[1, 12].Sample(edits =>
    {
        var first = Promote(Cells).Definition;
        var edited = first.DeepClone().AsObject();
        for (int index = 0; index < edits.Count; index++)
            Edit(edited, edits[index], index);
        (string, string)[] changed = [.. Cells[..3], ("step:train", "int weight = rows + 2;"), Cells[4]];

        var again = Promote(changed, edited).Definition;

        // What the promotion itself changes is set back, and then nothing but the edits is left.
        var expected = edited.DeepClone();
        foreach (var activity in expected["root"]!["activities"]!.AsArray())
            foreach (var hash in new[] { "stepHash", "notebookHash" })
                if (activity!.AsObject().ContainsKey(hash))
                    activity[hash] = Activity(again, (string)activity["id"]!)[hash]!.DeepClone();
        expected["customProperties"]!["notebook"] = again["customProperties"]!["notebook"]!.DeepClone();
        Assert.True(JsonNode.DeepEquals(expected, again), again.ToJsonString());
    }, iter: 40, threads: 1);

    [Fact]
    public void Promote_NewStep_StandsInTheChainBehindWhatTheDesignerPutThere()
    {
        var edited = WithApproval(Promote(Cells).Definition);

        var promoted = Promote([.. Cells[..3], ("step:clean", "rows = rows - 1;"), .. Cells[3..]], edited);

        Assert.Equal(["Start1>load", "load>Approve1", "Approve1>clean", "clean>train", "train>report"], Edges(promoted.Definition));
        Assert.Equal(["clean"], promoted.Added);
        Assert.Contains("Approve1 (drawn in the designer)", promoted.Kept);
    }

    [Fact]
    public void Promote_StepAtTheEndAndSchedule_AreAppended()
    {
        var first = Promote(Cells).Definition;

        var promoted = NotebookPromoter.Promote(_files.Notebook([.. Cells, ("step:tell", "Console.WriteLine(score);")]), Options() with { Existing = first, Cron = "0 2 * * *" });

        Assert.Equal(["Start1>load", "load>train", "train>report", "report>tell", "Cron1>load"], Edges(promoted.Definition));
        // The cron need not be said again.
        Assert.Empty(NotebookPromoter.Promote(_files.At("notebook.ipynb"), Options() with { Existing = promoted.Definition }).Removed);
    }

    [Fact]
    public void Promote_RemovedStep_JoinsItsNeighbours()
    {
        var edited = WithApproval(Promote(Cells).Definition);

        var promoted = Promote([.. Cells[..3], ("step:report", "int score = rows;")], edited);

        Assert.Equal(["Start1>load", "load>Approve1", "Approve1>report"], Edges(promoted.Definition));
        Assert.Equal(["train"], promoted.Removed);
        Assert.DoesNotContain("weight", promoted.Definition["variables"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Promote_RenamedStep_KeepsItsPlaceAndEdits()
    {
        var edited = WithApproval(Promote(Cells).Definition);
        Activity(edited, "train")["customProperties"]!["timeout"] = "00:07:00";

        var promoted = Promote([.. Cells[..3], ("step:fit", Cells[3].Source), Cells[4]], edited); // the same cell c4

        Assert.Equal(["Start1>load", "load>Approve1", "Approve1>fit", "fit>report"], Edges(promoted.Definition));
        Assert.Equal("00:07:00", (string?)Activity(promoted.Definition, "fit")["customProperties"]!["timeout"]);
        Assert.Equal("fit", (string?)Activity(promoted.Definition, "fit")["step"]!["expression"]!["value"]);
        Assert.Empty(promoted.Added.Concat(promoted.Removed));
    }

    [Fact]
    public void Promote_StepTakenOutInTheDesigner_StaysOut()
    {
        var edited = Promote(Cells).Definition;
        edited["root"]!["activities"]!.AsArray().Remove(Activity(edited, "train"));
        var edges = edited["root"]!["connections"]!.AsArray();
        edges.Clear();
        edges.Add((JsonNode)Edge("Start1", "load"));
        edges.Add((JsonNode)Edge("load", "report"));

        var promoted = Promote([.. Cells[..3], ("step:train", "int weight = rows + 5;"), Cells[4]], edited);

        Assert.Equal(["Start1>load", "load>report"], Edges(promoted.Definition));
        Assert.Contains("train (taken out in the designer)", promoted.Kept);
    }

    [Fact]
    public void Promote_BothChangedTheSame_NamesTheActivityAndWritesNothing()
    {
        (string, string)[] Timed(string timeout) => [.. Cells[..3], ("step:train", $"#!step train --timeout {timeout}\nint weight = rows + 1;"), Cells[4]];
        var edited = Promote(Timed("00:05:00")).Definition;
        Activity(edited, "train")["customProperties"]!["timeout"] = "00:07:00";
        File.WriteAllText(_files.At("retrain.json"), edited.ToJsonString());

        var message = Assert.Throws<DataException>(() => NotebookPromoter.PromoteToFile(_files.Notebook(Timed("00:09:00")), _files.At("retrain.json"), Options())).Message;

        Assert.Contains("activity 'train', customProperties, timeout: the definition says \"00:07:00\", the notebook \"00:09:00\", and the last promotion said \"00:05:00\"", message, StringComparison.Ordinal);
        Assert.Equal(edited.ToJsonString(), File.ReadAllText(_files.At("retrain.json")));
    }

    [Fact]
    public void Promote_DesignerReadsAVariableThatIsGone_NamesTheActivity()
    {
        var edited = WithApproval(Promote(Cells).Definition);
        Activity(edited, "Approve1")["message"] = JsonNode.Parse("""{"typeName":"Object","expression":{"type":"Variable","value":"weight"}}""");

        var message = Assert.Throws<DataException>(() => Promote([.. Cells[..3], ("step:report", "int score = rows;")], edited)).Message;

        Assert.Contains("activity 'Approve1' reads the variable 'weight'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Promote_ReorderedSteps_FollowTheNotebook()
    {
        (string, string)[] independent = [("step:a", "int x = 1;"), ("step:b", "int y = 2;"), ("step:c", "Console.WriteLine(3);")];
        var first = Promote(independent).Definition;

        Assert.Equal(["Start1>a", "a>c", "c>b"], Edges(Promote([independent[0], independent[2], independent[1]], first).Definition).Order());
        Assert.Contains("changed their order", Assert.Throws<DataException>(() => Promote([independent[0], independent[2], independent[1]], WithApproval(first, "a", "b"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Promote_AnotherNotebook_IsRefused()
    {
        var first = Promote(Cells).Definition;
        var document = NotebookDocument.Create();
        document.Cells.Add(NotebookCell.Code("other", "int q = 1;", "step:q"));
        document.Save(_files.At("other.ipynb"));

        Assert.Contains("was promoted from 'notebook.ipynb'", Assert.Throws<DataException>(() => NotebookPromoter.Promote(_files.At("other.ipynb"), Options() with { Existing = first })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ChangedCells_NamesStepsAndShowsDiffs()
    {
        var path = _files.At("retrain.json");
        NotebookPromoter.PromoteToFile(_files.Notebook([.. Cells, ("", "Console.WriteLine(score);")]), path, Options());
        Assert.Empty(NotebookPromoter.Check(_files.Notebook([.. Cells, ("", "this is not C#")]), path)); // no step runs it

        var change = Assert.Single(NotebookPromoter.Check(_files.Notebook([.. Cells[..3], ("step:train", "// more\nint weight = rows + 1;"), Cells[4]]), path));
        Assert.Equal(("train", "changed: cells c4"), (change.Step, change.What));
        Assert.Equal("--- cell c4 (step:train), as promoted\n+++ cell c4 (step:train), now\n@@ -1,1 +1,2 @@\n+// more\n int weight = rows + 1;\n", change.Diff);

        var shared = NotebookPromoter.Check(_files.Notebook([Cells[0], ("setup", "int Twice(int x) => 3 * x;"), .. Cells[2..4], ("step:tell", "int z = 1;")]), path);
        Assert.Equal(["load", "train", "report", "tell"], shared.Select(one => one.Step));
        Assert.Contains("cells c2 (setup, which every step runs)", shared[0].What, StringComparison.Ordinal);
        Assert.Equal("removed: no cell carries its tag any more", shared[2].What);
        Assert.Equal("added", shared[3].What);
    }

    private PromotedWorkflow Promote((string, string)[] cells, JsonObject? existing = null) => NotebookPromoter.Promote(_files.Notebook(cells), Options() with { Existing = existing });

    private PromotionOptions Options() => new() { DefinitionId = "retrain", BaseDirectory = _files.Folder };

    // What a person does in the designer, in its JSON.
    private static void Edit(JsonObject definition, int edit, int number)
    {
        var train = Activity(definition, "train");
        var activities = definition["root"]!["activities"]!.AsArray();
        switch (edit)
        {
            case 0: train["metadata"]!["designer"]!["position"]!["x"] = 700 + number; break;
            case 1: train["name"] = $"Train {number}"; break;
            case 2: train["customProperties"]!["timeout"] = $"00:1{number % 10}:00"; break;
            case 3: train["parameters"]!["expression"]!["value"]!["months"] = number; break;
            case 4: definition["inputs"]!.AsArray().Add((JsonNode)new JsonObject { ["name"] = $"own{number}", ["type"] = "String" }); break;
            case 5: definition["variables"]!.AsArray().Add((JsonNode)new JsonObject { ["id"] = $"v{number}", ["name"] = $"own{number}" }); break;
            case 6: activities.Add((JsonNode)Drawn($"Delay{number}", "Elsa.Delay")); definition["root"]!["connections"]!.AsArray().Add((JsonNode)Edge("train", $"Delay{number}")); break;
            case 7: definition["root"]!["connections"]![1]!["vertices"]!.AsArray().Add((JsonNode)new JsonObject { ["x"] = number, ["y"] = 3 }); break;
            default: (definition["options"] as JsonObject ?? (JsonObject)(definition["options"] = new JsonObject()))[$"o{number}"] = true; break;
        }
    }

    private static JsonObject WithApproval(JsonObject definition, string before = "load", string after = "train")
    {
        var edited = definition.DeepClone().AsObject();
        edited["root"]!["activities"]!.AsArray().Add((JsonNode)Drawn("Approve1", "Workbench.Approve"));
        var edges = edited["root"]!["connections"]!.AsArray();
        var replaced = edges.Single(edge => (string)edge!["source"]!["activity"]! == before);
        int index = edges.IndexOf(replaced);
        edges.RemoveAt(index);
        edges.Insert(index, Edge(before, "Approve1"));
        edges.Insert(index + 1, Edge("Approve1", after));
        return edited;
    }

    private static JsonObject Drawn(string id, string type) => new() { ["id"] = id, ["nodeId"] = $"Workflow1:Flowchart1:{id}", ["name"] = id, ["type"] = type, ["version"] = 1 };

    private static JsonObject Edge(string source, string target) =>
        new() { ["source"] = new JsonObject { ["activity"] = source, ["port"] = "Done" }, ["target"] = new JsonObject { ["activity"] = target, ["port"] = "In" } };

    private static IEnumerable<string> Edges(JsonNode definition) => definition["root"]!["connections"]!.AsArray().Select(edge => $"{edge!["source"]!["activity"]}>{edge["target"]!["activity"]}");

    private static JsonNode Activity(JsonNode definition, string id) => definition["root"]!["activities"]!.AsArray().Single(activity => activity!["id"]!.ToString() == id)!;
}

using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Notebooks.Parameters;

namespace Workbench.Notebooks.Promotion;

/// <summary>Writes the Elsa 3 flowchart of a promoted notebook.</summary>
internal sealed class FlowchartBuilder(PromotedNotebook notebook, IReadOnlyList<ResolvedStep> steps, PromotionOptions options)
{
    private const string RootId = "Flowchart1";
    private const string StepType = "Workbench.RunNotebookStep";
    private const string GateType = "Workbench.CompareWithChampion";
    private const string PromoteType = "Workbench.PromoteModel";

    private const string StartId = "Start1";
    private const string CronId = "Cron1";
    private const string GateId = "CompareWithChampion1";
    private const string PromoteId = "PromoteModel1";

    private static readonly string[] TakenSteps = [RootId, StartId, CronId, GateId, PromoteId];

    // Properties that every activity, or this one, has already; an output of that name would hide them.
    private static readonly string[] TakenNames =
        ["id", "nodeId", "name", "type", "version", "customProperties", "metadata", "notebook", "notebookHash", "stepHash", "step", "parameters", "stepInputs", "stepOutputs"];

    private readonly List<JsonNode?> _activities = [];
    private readonly List<JsonNode?> _connections = [];
    private int _column;

    public JsonObject Build()
    {
        AddChain();
        var custom = new JsonObject();
        if (options.Triggers.Count > 0)
            custom["triggers"] = new JsonArray(options.Triggers.Select(trigger => trigger.DeepClone()).ToArray());
        return new()
        {
            ["definitionId"] = options.DefinitionId,
            ["name"] = options.Name ?? options.DefinitionId,
            ["description"] = $"Promoted from {notebook.Path}",
            ["inputs"] = new JsonArray(notebook.Parameters.Select(parameter => (JsonNode?)InputOf(parameter)).ToArray()),
            ["variables"] = new JsonArray(steps.SelectMany(step => step.Outputs).Distinct().Select(name => (JsonNode?)VariableOf(name)).ToArray()),
            ["customProperties"] = custom,
            ["root"] = new JsonObject
            {
                ["id"] = RootId,
                ["nodeId"] = $"Workflow1:{RootId}",
                ["type"] = "Elsa.Flowchart",
                ["version"] = 1,
                ["activities"] = new JsonArray(_activities.ToArray()),
                ["connections"] = new JsonArray(_connections.ToArray()),
            },
        };
    }

    /// <summary>The activities that a run passes one after the other, behind its start; the others are starts.</summary>
    public static IReadOnlyList<string> ChainOf(JsonObject definition) =>
        [.. ActivitiesOf(definition).Select(activity => (string)activity["id"]!).Where(id => id is not (StartId or CronId))]; // Add gave it an id

    /// <summary>The outcome by which the chain goes on behind an activity.</summary>
    public static string PortOf(string id) => id == GateId ? "Passed" : "Done";

    /// <summary>Where runs start by themselves and by hand: what stands behind the one stands behind the other.</summary>
    public static (string Start, string Cron) Starts => (StartId, CronId);

    /// <summary>The activities of steps by the step's name.</summary>
    public static IReadOnlyDictionary<string, JsonObject> StepsOf(JsonObject definition) =>
        ActivitiesOf(definition).Where(activity => (string?)activity["type"] == StepType).ToDictionary(activity => (string)ValueOf(activity, "step")!, activity => activity); // AddStep wrote it

    /// <summary>What a step's activity was told beside its cells.</summary>
    public static (TimeSpan? Timeout, int? Retries, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs) SettingsOf(JsonObject activity) => (
        (string?)activity["customProperties"]?["timeout"] is { } timeout ? TimeSpan.Parse(timeout, CultureInfo.InvariantCulture) : null,
        (int?)activity["customProperties"]?["maxAttempts"] - 1,
        [.. ValueOf(activity, "stepInputs")!.AsObject().Select(pair => pair.Key)], // AddStep wrote both
        [.. ValueOf(activity, "stepOutputs")!.AsArray().Select(name => (string)name!)]);

    private static IEnumerable<JsonObject> ActivitiesOf(JsonObject definition) => definition["root"]!["activities"]!.AsArray().Select(activity => activity!.AsObject()); // Build wrote them

    private static JsonNode? ValueOf(JsonObject activity, string input) => activity[input]?["expression"]?["value"];

    private void AddChain()
    {
        var sources = new List<string> { Add(StartId, "Start", "Elsa.Start", []) };
        if (options.Cron is { } cron)
            sources.Add(AddCron(cron));
        foreach (var step in steps)
        {
            var id = AddStep(step);
            sources.ForEach(source => Connect(source, "Done", id));
            sources = [id];
        }
        if (options.ModelName is not { } model)
            return;
        var gate = Add(GateId, "Compare with champion", GateType, ModelInputs(model));
        Connect(sources[0], "Done", gate);
        Connect(gate, "Passed", Add(PromoteId, "Promote model", PromoteType, ModelInputs(model)));
    }

    private string AddCron(string cron)
    {
        _column--; // below Start
        var custom = new JsonObject { ["canStartWorkflow"] = true };
        if (options.TimeZone is { } zone)
            custom["timeZone"] = zone;
        return Add(CronId, "Schedule", "Elsa.Cron", new() { ["cronExpression"] = Value("String", "Literal", cron) }, custom, row: 1);
    }

    private string AddStep(ResolvedStep step)
    {
        if (TakenSteps.Contains(step.Name, StringComparer.OrdinalIgnoreCase))
            throw new DataException($"A step cannot be called '{step.Name}': the pipeline has an activity of that id. Taken are: {string.Join(", ", TakenSteps)}.") { Value = step.Name };
        var properties = new JsonObject
        {
            ["notebook"] = Value("String", "Literal", notebook.Path),
            ["notebookHash"] = Value("String", "Literal", notebook.Hash),
            ["stepHash"] = Value("String", "Literal", step.Hash),
            ["step"] = Value("String", "Literal", step.Name),
            ["parameters"] = Value("Object", "Object", References("$input", notebook.Parameters.Select(parameter => parameter.Name))),
            ["stepInputs"] = Value("Object", "Object", References("$variable", step.Inputs)),
            ["stepOutputs"] = Value("Object", "Object", new JsonArray(step.Outputs.Select(name => (JsonNode?)name).ToArray())),
        };
        foreach (var output in step.Outputs)
        {
            if (TakenNames.Contains(output, StringComparer.OrdinalIgnoreCase))
                throw new DataException($"Step '{step.Name}' hands on a variable '{output}', a name that the activity itself uses. Rename the variable; taken are: {string.Join(", ", TakenNames)}.") { Value = output };
            properties[output] = new JsonObject { ["typeName"] = "Object", ["memoryReference"] = new JsonObject { ["id"] = output } };
        }
        return Add(step.Name, step.Name, StepType, properties, Settings(step.Step));
    }

    private static JsonObject Settings(NotebookStep step)
    {
        var settings = new JsonObject { ["canStartWorkflow"] = false, ["runAsynchronously"] = true };
        if (step.Retries is { } retries)
            settings["maxAttempts"] = retries + 1;
        if (step.Timeout is { } timeout)
            settings["timeout"] = timeout.ToString("c");
        return settings;
    }

    private string Add(string id, string name, string type, JsonObject properties, JsonObject? custom = null, int row = 0)
    {
        var activity = new JsonObject
        {
            ["id"] = id,
            ["nodeId"] = $"Workflow1:{RootId}:{id}",
            ["name"] = name,
            ["type"] = type,
            ["version"] = 1,
            ["customProperties"] = custom ?? new JsonObject { ["canStartWorkflow"] = false },
            ["metadata"] = Position(_column, row),
        };
        foreach (var (property, value) in properties)
            activity[property] = value?.DeepClone();
        _activities.Add(activity);
        _column++;
        return id;
    }

    private void Connect(string source, string port, string target) => _connections.Add(new JsonObject
    {
        ["source"] = new JsonObject { ["activity"] = source, ["port"] = port },
        ["target"] = new JsonObject { ["activity"] = target, ["port"] = "In" },
        ["vertices"] = new JsonArray(),
    });

    private JsonObject ModelInputs(string model) => new()
    {
        ["modelName"] = Value("String", "Literal", model),
        ["candidate"] = Value("Object", "Variable", options.CandidateVariable),
    };

    private static JsonObject Value(string typeName, string expressionType, JsonNode? value) => new()
    {
        ["typeName"] = typeName,
        ["expression"] = new JsonObject { ["type"] = expressionType, ["value"] = value },
        ["memoryReference"] = null,
    };

    private static JsonObject References(string marker, IEnumerable<string> names) =>
        new(names.Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject { [marker] = name })));

    private static JsonObject InputOf(NotebookParameter parameter) => new()
    {
        ["name"] = parameter.Name,
        ["type"] = parameter.TypeName?.TrimEnd('?') switch
        {
            "string" => "String",
            "bool" => "Boolean",
            "int" => "Int32",
            "long" => "Int64",
            "float" => "Single",
            "double" => "Double",
            "decimal" => "Decimal",
            _ => "Object",
        },
        ["displayName"] = parameter.Name,
        ["defaultValue"] = parameter.Default?.DeepClone(),
    };

    private static JsonObject VariableOf(string name) => new() { ["id"] = name, ["name"] = name, ["typeName"] = "Object", ["isArray"] = false };

    private static JsonObject Position(int column, int row) => new()
    {
        ["designer"] = new JsonObject
        {
            ["position"] = new JsonObject { ["x"] = 60 + 240 * column, ["y"] = 60 + 120 * row },
            ["size"] = new JsonObject { ["width"] = 180, ["height"] = 54 },
        },
    };
}

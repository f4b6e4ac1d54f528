using System.Text.Json;
using Workbench.Data;

namespace Workbench.Notebooks.Running;

/// <summary>The working folder of a step: <c>inputs.json</c>, <c>outputs/NAME.json</c> and, for artifacts, <c>outputs/NAME/</c>.</summary>
internal sealed record StepFolder(string Path)
{
    /// <summary>Tells the kernel that runs a step where its folder is.</summary>
    public const string EnvironmentVariable = "WORKBENCH_STEP_FOLDER";

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true };

    /// <exception cref="InvalidOperationException">No step runs in this process.</exception>
    public static StepFolder Current => Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } path
        ? new(path)
        : throw new InvalidOperationException("StepData works only while a pipeline step runs; in a notebook that is run by hand the variable itself is there.");

    private string Inputs => System.IO.Path.Combine(Path, "inputs.json");

    private string Outputs => System.IO.Path.Combine(Path, "outputs");

    /// <summary>Makes the folder ready for an attempt: what an earlier one left is removed.</summary>
    public void Prepare(IReadOnlyList<StepValue> inputs)
    {
        if (Directory.Exists(Outputs))
            Directory.Delete(Outputs, recursive: true);
        Directory.CreateDirectory(Outputs);
        File.WriteAllText(Inputs, JsonSerializer.Serialize(inputs, Layout));
    }

    public IReadOnlyList<StepValue> ReadInputs() => Read<List<StepValue>>(Inputs);

    public string CreateOutputFolder(string name)
    {
        var folder = System.IO.Path.Combine(Outputs, name);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        return Directory.CreateDirectory(folder).FullName;
    }

    public void WriteOutput(StepValue value) =>
        File.WriteAllText(System.IO.Path.Combine(Outputs, value.Name + ".json"), JsonSerializer.Serialize(value, Layout));

    public StepValue ReadOutput(string name) => Read<StepValue>(System.IO.Path.Combine(Outputs, name + ".json"));

    private static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path)) ?? throw new JsonException("The file is empty.");
        }
        catch (Exception failure) when (failure is JsonException or IOException)
        {
            throw new DataException($"Cannot read '{path}' of the step: {failure.Message}", failure) { Origin = path };
        }
    }
}

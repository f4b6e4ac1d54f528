using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.Data.Analysis;
using Workbench.Data;
using Workbench.Notebooks.Kernel.CSharp;
using Workbench.Notebooks.Running;
using Workbench.Notebooks.Values;
using Workbench.Training;

namespace Workbench.Notebooks;

/// <summary>
/// Carries values between the steps of a pipeline, each of which is a process of its own. An
/// <see cref="IArtifactValue{TSelf}"/> travels as a folder of files, a DataFrame as Parquet, a FileInfo or DirectoryInfo as a
/// copy, a tensor as safetensors, everything else as JSON. What would come back changed is refused. The runner writes the
/// calls into cells of its own; a notebook rarely needs them.
/// </summary>
public static class StepData
{
    // Above this a value's JSON is a file: values in the message are copied into every row of the run.
    private const int LargestMessageBytes = 1 << 20;
    private const string JsonFile = "value.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        IncludeFields = true, // tuples
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new GridConverter() },
    };

    /// <summary>The input called <paramref name="name"/> of the step that runs.</summary>
    /// <typeparam name="T">Type under which an earlier step saved it.</typeparam>
    /// <exception cref="InvalidOperationException">No step runs in this process.</exception>
    /// <exception cref="DataException">The step was given no such input, or its files are missing or damaged.</exception>
    public static T Load<T>(string name)
    {
        var inputs = StepFolder.Current.ReadInputs();
        var value = inputs.FirstOrDefault(input => input.Name == name)
            ?? throw new DataException($"The step has no input '{name}'. Known: {(inputs.Count == 0 ? "none" : string.Join(", ", inputs.Select(input => input.Name)))}.") { Value = name };
        if (value.Kind == StepValueKind.Json)
            return value.Json.Deserialize<T>(Json)!; // null only where null was saved
        var folder = value.Folder ?? throw new DataException($"Input '{name}' is an artifact without a folder.") { Value = name };
        return (T)LoadFolder(typeof(T), name, folder)!; // null only where null was saved
    }

    /// <summary>Hands <paramref name="value"/> on as the output called <paramref name="name"/>.</summary>
    /// <exception cref="InvalidOperationException">No step runs in this process.</exception>
    /// <exception cref="DataException">The value cannot be saved and read back; names it and its type.</exception>
    public static void Save<T>(string name, T value)
    {
        var step = StepFolder.Current;
        var type = TypeToSave(typeof(T), value);
        if (!CSharpTypeName.CanBeNamed(type))
            throw Refuse(name, type, "it has no name that another step could write; declare a record for it in a cell tagged 'setup'");
        step.WriteOutput(value is not null && SaverOf(type) is { } save ? SaveFolder(name, type, save, value, step) : SaveJson(name, type, value, step));
    }

    // A value in a variable of a base class or interface is known by its own class where that has a form of its own.
    private static Type TypeToSave<T>(Type declared, T value) =>
        value is not null && (declared == typeof(object) || SaverOf(value.GetType()) is not null) ? value.GetType() : declared;

    private static Action<object, string>? SaverOf(Type type)
    {
        if (type == typeof(DataFrame))
            return (value, folder) => FrameFiles.Save((DataFrame)value, folder);
        if (type == typeof(FileInfo) || type == typeof(DirectoryInfo))
            return (value, folder) => PathFiles.Save((FileSystemInfo)value, folder);
        if (ArtifactInterface(type) is { } artifact)
            return (value, folder) => Unwrap(() => artifact.GetMethod(nameof(IArtifactValue<>.Save))!.Invoke(value, [folder])); // the interface declares it
        return TensorFiles.Handles(type) ? TensorFiles.Save : null;
    }

    private static Type? ArtifactInterface(Type type) => Array.Find(
        type.GetInterfaces(), implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == typeof(IArtifactValue<>) && implemented.GetGenericArguments()[0] == type);

    private static StepValue SaveFolder(string name, Type type, Action<object, string> save, object value, StepFolder step)
    {
        var folder = step.CreateOutputFolder(name);
        try
        {
            save(value, folder);
        }
        catch (Exception failure) when (failure is DataException or NotSupportedException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Refuse(name, type, failure.Message.TrimEnd('.'), failure);
        }
        return new(name, StepValueKind.Artifact, CSharpTypeName.Of(type), Folder: folder);
    }

    private static object? LoadFolder(Type type, string name, string folder)
    {
        if (type == typeof(DataFrame))
            return FrameFiles.Load(folder);
        if (type == typeof(FileInfo) || type == typeof(DirectoryInfo))
            return PathFiles.Load(folder, isFolder: type == typeof(DirectoryInfo));
        if (ArtifactInterface(type) is not null)
        {
            var load = typeof(StepData).GetMethod(nameof(LoadArtifact), BindingFlags.NonPublic | BindingFlags.Static)!; // below
            return Unwrap(() => load.MakeGenericMethod(type).Invoke(null, [folder]));
        }
        return TensorFiles.Handles(type) ? TensorFiles.Load(type, folder) : LoadJson(type, name, Path.Combine(folder, JsonFile));
    }

    private static T LoadArtifact<T>(string folder) where T : IArtifactValue<T> => T.Load(folder);

    private static object? LoadJson(Type type, string name, string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type, Json);
        }
        catch (Exception failure) when (failure is IOException or JsonException)
        {
            throw new DataException($"Cannot read the input '{name}' from '{path}': {failure.Message}", failure) { Origin = path };
        }
    }

    private static StepValue SaveJson<T>(string name, Type type, T value, StepFolder step)
    {
        if (value is not null && TensorFiles.IsModule(type))
            throw Refuse(name, type, "a network cannot be built without its code; hand on its state_dict() as a Dictionary<string, torch.Tensor> and load it into a new network");
        if (value is not null and not JsonDocument && typeof(IDisposable).IsAssignableFrom(type))
            throw Refuse(name, type, "it holds a resource of this process");
        try
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(value, type, Json);
            if (ExactComparison.Difference(value, JsonSerializer.Deserialize(json, type, Json), name) is { } difference)
                throw Refuse(name, type, $"JSON does not give back what was saved: {difference} would be another");
            if (json is [(byte)'{', (byte)'}'] && value is not System.Collections.IEnumerable)
                throw Refuse(name, type, "it has no public properties that JSON could keep");
            if (json.Length <= LargestMessageBytes)
                return new(name, StepValueKind.Json, CSharpTypeName.Of(type), Json: JsonNode.Parse(json));
            var folder = step.CreateOutputFolder(name);
            File.WriteAllBytes(Path.Combine(folder, JsonFile), json);
            return new(name, StepValueKind.Artifact, CSharpTypeName.Of(type), Folder: folder);
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw Refuse(name, type, failure.Message.TrimEnd('.'), failure);
        }
    }

    private static DataException Refuse(string name, Type type, string why, Exception? failure = null) => new(
        $"The step's output '{name}' of type {CSharpTypeName.Of(type)} cannot go to another step: {why}. {CSharpTypeName.Travels}", failure)
    { Value = name };

    private static object? Unwrap(Func<object?> call)
    {
        try
        {
            return call();
        }
        catch (TargetInvocationException failure) when (failure.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure.InnerException);
            throw;
        }
    }
}

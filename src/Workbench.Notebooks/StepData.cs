using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.Data.Analysis;
using Workbench.Data;
using Workbench.Notebooks.Kernel.CSharp;
using Workbench.Notebooks.Running;
using Workbench.Notebooks.Tables;

namespace Workbench.Notebooks;

/// <summary>
/// Carries values between the steps of a pipeline, each of which is a process of its own. An
/// <see cref="IArtifactValue{TSelf}"/> travels as a folder of files, a DataFrame as Parquet, everything else as JSON. The
/// runner writes the calls into cells of its own; a notebook rarely needs them.
/// </summary>
public static class StepData
{
    private const string TableFile = "table.parquet";

    private static readonly JsonSerializerOptions Json = new()
    {
        IncludeFields = true, // tuples
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
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
        return (T)LoadFolder(typeof(T), folder);
    }

    /// <summary>Hands <paramref name="value"/> on as the output called <paramref name="name"/>.</summary>
    /// <exception cref="InvalidOperationException">No step runs in this process.</exception>
    /// <exception cref="DataException">The value cannot be saved and read back; names it and its type.</exception>
    public static void Save<T>(string name, T value)
    {
        var folder = StepFolder.Current;
        var type = TypeToSave(typeof(T), value);
        if (!CSharpTypeName.CanBeNamed(type))
            throw Refuse(name, type, "it has no name that another step could write. Declare a record for it in a cell tagged 'setup'");
        if (!IsArtifact(type) && typeof(IDisposable).IsAssignableFrom(type))
            throw Refuse(name, type, "it holds a resource of this process");
        folder.WriteOutput(IsArtifact(type) ? SaveFolder(name, type, value!, folder) : SaveJson(name, type, value)); // an artifact's type comes from a value
    }

    private static Type TypeToSave<T>(Type declared, T value) =>
        value is not null && (declared == typeof(object) || IsArtifact(value.GetType())) ? value.GetType() : declared;

    private static bool IsArtifact(Type type) => type == typeof(DataFrame) || ArtifactInterface(type) is not null;

    private static Type? ArtifactInterface(Type type) => Array.Find(
        type.GetInterfaces(), implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == typeof(IArtifactValue<>) && implemented.GetGenericArguments()[0] == type);

    private static StepValue SaveFolder(string name, Type type, object value, StepFolder step)
    {
        var folder = step.CreateOutputFolder(name);
        if (value is DataFrame frame)
            DataFrameTables.SaveParquet(frame, Path.Combine(folder, TableFile));
        else
            Unwrap(() => ArtifactInterface(type)!.GetMethod(nameof(IArtifactValue<>.Save))!.Invoke(value, [folder])); // IsArtifact said so
        return new(name, StepValueKind.Artifact, CSharpTypeName.Of(type), Folder: folder);
    }

    private static object LoadFolder(Type type, string folder)
    {
        if (type == typeof(DataFrame))
            return DataFrameTables.LoadParquet(Path.Combine(folder, TableFile));
        var load = typeof(StepData).GetMethod(nameof(LoadArtifact), BindingFlags.NonPublic | BindingFlags.Static)!; // below
        return Unwrap(() => load.MakeGenericMethod(type).Invoke(null, [folder]))!; // LoadArtifact returns a value
    }

    private static T LoadArtifact<T>(string folder) where T : IArtifactValue<T> => T.Load(folder);

    // A value that JSON loses silently (no public properties, an interface without a known class) is found by reading it back.
    private static StepValue SaveJson<T>(string name, Type type, T value)
    {
        try
        {
            var json = JsonSerializer.SerializeToNode(value, type, Json);
            var again = JsonSerializer.SerializeToNode(json.Deserialize(type, Json), type, Json);
            if (!JsonNode.DeepEquals(json, again))
                throw Refuse(name, type, "JSON does not give back what was saved");
            if (json is JsonObject { Count: 0 } && value is not System.Collections.IEnumerable)
                throw Refuse(name, type, "it has no public properties that JSON could keep");
            return new(name, StepValueKind.Json, CSharpTypeName.Of(type), Json: json);
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw Refuse(name, type, failure.Message.TrimEnd('.'), failure);
        }
    }

    private static DataException Refuse(string name, Type type, string why, Exception? failure = null) => new(
        $"The step's output '{name}' of type {CSharpTypeName.Of(type)} cannot go to another step: {why}. Hand on a record, a number, a text, a DataFrame, or a type that implements IArtifactValue; or compute it again in the step that needs it.",
        failure) { Value = name };

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

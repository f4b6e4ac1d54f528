using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Training.Tuning;

/// <summary>What a study goes by, as the database keeps it.</summary>
internal static class StudyJson
{
    public static string Write(StudyOptions options) => new JsonObject
    {
        ["space"] = options.Space.ToJson(),
        ["direction"] = options.Direction.ToString(),
        ["stepDirection"] = options.StepDirection?.ToString(),
        ["sampler"] = options.Sampler.ToString(),
        ["startupTrials"] = options.StartupTrials,
        ["candidates"] = options.Candidates,
        ["seed"] = options.Seed,
        ["pruner"] = options.Pruner.ToString(),
        ["minSteps"] = options.MinSteps,
        ["maxSteps"] = options.MaxSteps,
        ["reduction"] = options.Reduction,
        ["maxRetries"] = options.MaxRetries,
        ["staleAfter"] = options.StaleAfter.ToString("c"),
        ["firstTrials"] = new JsonArray([.. options.FirstTrials.Select(trial => trial.DeepClone())]),
        ["task"] = options.Task?.DeepClone(),
    }.ToJsonString();

    /// <exception cref="TuningException">The text is not what <see cref="Write"/> writes.</exception>
    public static StudyOptions Read(string name, string json)
    {
        try
        {
            var all = JsonNode.Parse(json)!.AsObject();
            return new()
            {
                Name = name,
                Space = SearchSpace.Read(all["space"]!.AsObject()),
                Direction = Enum.Parse<StudyDirection>((string)all["direction"]!),
                StepDirection = (string?)all["stepDirection"] is { } steps ? Enum.Parse<StudyDirection>(steps) : null,
                Sampler = Enum.Parse<SamplerKind>((string)all["sampler"]!),
                StartupTrials = (int)all["startupTrials"]!,
                Candidates = (int)all["candidates"]!,
                Seed = (long)all["seed"]!,
                Pruner = Enum.Parse<PrunerKind>((string)all["pruner"]!),
                MinSteps = (long)all["minSteps"]!,
                MaxSteps = (long)all["maxSteps"]!,
                Reduction = (int)all["reduction"]!,
                MaxRetries = (int)all["maxRetries"]!,
                StaleAfter = TimeSpan.ParseExact((string)all["staleAfter"]!, "c", null),
                FirstTrials = [.. all["firstTrials"]!.AsArray().Select(trial => trial!.DeepClone().AsObject())],
                Task = all["task"]?.DeepClone().AsObject(),
            };
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or ArgumentException or NullReferenceException)
        {
            throw new TuningException($"What the database holds of the study '{name}' cannot be read: {failure.Message} It was written by another version of Workbench; give the study another name.", failure);
        }
    }

    /// <summary>The settings in which two differ, each with both values; empty when they are the same.</summary>
    public static IReadOnlyList<string> Differences(StudyOptions kept, StudyOptions given)
    {
        var (left, right) = (JsonNode.Parse(Write(kept))!.AsObject(), JsonNode.Parse(Write(given))!.AsObject());
        return [.. left.Where(pair => !JsonNode.DeepEquals(pair.Value, right[pair.Key])).Select(pair => Difference(pair.Key, pair.Value, right[pair.Key]))];
    }

    // Of objects only what differs, so that one changed bound is not lost in a whole space.
    private static string Difference(string name, JsonNode? kept, JsonNode? given) => kept is JsonObject left && given is JsonObject right
        ? string.Join(" ", left.Select(pair => pair.Key).Union(right.Select(pair => pair.Key)).Where(key => !JsonNode.DeepEquals(left[key], right[key]))
            .Select(key => Difference($"{name}.{key}", left[key], right[key])))
        : $"{name} is {kept?.ToJsonString() ?? "none"} and was given as {given?.ToJsonString() ?? "none"}.";
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.Notebooks.Promotion;

/// <summary>Brings a definition up to date with its notebook and keeps what was drawn and edited in the designer.</summary>
internal sealed class DefinitionMerge
{
    private readonly string _origin;
    private readonly JsonObject _was;
    private readonly JsonObject _theirs;
    private readonly JsonObject _ours;
    private readonly JsonMerge _merge = new();
    private readonly List<string> _added = [];
    private readonly List<string> _updated = [];
    private readonly List<string> _removed = [];
    private readonly List<string> _kept = [];

    private DefinitionMerge(JsonObject was, JsonObject theirs, JsonObject ours, string origin) => (_was, _theirs, _ours, _origin) = (was, theirs, ours, origin);

    /// <summary>Merges what <paramref name="record"/> would write now into <paramref name="existing"/>.</summary>
    /// <exception cref="DataException">Both sides changed the same thing, or the designer needs what the notebook no longer has; names all of it.</exception>
    public static PromotedWorkflow Merge(JsonObject existing, PromotionRecord record, string origin)
    {
        var last = PromotionRecord.Of(existing, origin);
        var merge = new DefinitionMerge(Opened(last.Generated), Opened(existing), Opened(record.Generated), origin);
        foreach (var (before, after) in StepRenames.Find(last, record))
        {
            StepRenames.Apply(merge._was, before, after);
            StepRenames.Apply(merge._theirs, before, after);
            merge._updated.Add($"{after} (was {before})");
        }
        var merged = merge.Merge();
        merged["customProperties"]![PromotionRecord.Property] = record.ToJson(); // Opened gave it one
        return new()
        {
            Definition = JsonMerge.Same(merged, Opened(existing, keepRecord: true)) ? existing.DeepClone().AsObject() : merged,
            Notebook = record.Path,
            Added = merge._added,
            Updated = merge._updated,
            Removed = merge._removed,
            Kept = merge._kept,
        };
    }

    private JsonObject Merge()
    {
        var (was, theirs, ours) = (Without(_was), Without(_theirs), Without(_ours));
        var merged = _merge.MergeObjects(was, theirs, ours, "the workflow");
        var activities = MergeActivities();
        var connections = MergeConnections(activities);
        merged["root"]!["activities"] = new JsonArray([.. activities]); // Without left both lists there, empty
        merged["root"]!["connections"] = new JsonArray([.. connections]);
        DefinitionReferences.KeepUsed(merged, _was, _ours, _merge.Conflicts);
        if (_merge.Conflicts.Count > 0)
            throw new DataException(
                $"'{_origin}' cannot be brought up to date, and nothing was written: {string.Join("; ", _merge.Conflicts)}. Make the definition or the notebook say the same as the other (or the definition what the last promotion said), and promote again.")
            { Origin = _origin, Value = _merge.Conflicts[0] };
        return merged;
    }

    private List<JsonNode?> MergeActivities()
    {
        var (was, theirs, ours) = (List(_was, "activities"), List(_theirs, "activities"), List(_ours, "activities"));
        bool laidOut = theirs.Any(activity => JsonMerge.Find(was, JsonMerge.Key(activity)) is not { } old || !JsonMerge.Same(old["metadata"], activity!["metadata"]));
        var merged = new List<JsonNode?>();
        foreach (var activity in theirs.OfType<JsonObject>())
            if (MergeActivity(activity, JsonMerge.Find(was, JsonMerge.Key(activity)) as JsonObject, JsonMerge.Find(ours, JsonMerge.Key(activity)) as JsonObject, laidOut) is { } kept)
                merged.Add(kept);
        for (int index = 0; index < ours.Count; index++)
        {
            var id = JsonMerge.Key(ours[index]);
            if (JsonMerge.Find(theirs, id) is not null)
                continue;
            if (JsonMerge.Find(was, id) is not null)
                _kept.Add($"{id} (taken out in the designer)");
            else
                AddActivity(merged, ours, index, laidOut);
        }
        return merged;
    }

    private JsonObject? MergeActivity(JsonObject activity, JsonObject? old, JsonObject? its, bool laidOut)
    {
        var id = JsonMerge.Key(activity);
        if (old is null && its is null)
            _kept.Add($"{id} (drawn in the designer)");
        if (old is null && its is not null)
            _merge.Conflicts.Add($"activity '{id}' was drawn in the designer, and the notebook now has a step of that name");
        if (old is null)
            return activity.DeepClone().AsObject();
        var edits = ActivityEdits.Between(old, activity);
        if (its is null)
        {
            _removed.Add(edits.Count == 0 ? id : $"{id} (with edits of the designer: {string.Join(", ", edits)})");
            return null;
        }
        if (laidOut)
            its["metadata"] = activity["metadata"]?.DeepClone();
        if (edits.Count > 0)
            _kept.Add($"{id} (edited: {string.Join(", ", edits)})");
        var merged = _merge.MergeObjects(old, activity, its, $"activity '{id}'");
        if (ActivityEdits.Between(activity, merged) is { Count: > 0 } updates)
            _updated.Add($"{id} ({string.Join(", ", updates)})");
        return merged;
    }

    private void AddActivity(List<JsonNode?> merged, JsonArray ours, int index, bool laidOut)
    {
        var activity = ours[index]!.DeepClone(); // Build wrote no null
        int place = JsonMerge.PlaceAfter(merged, ours, index);
        if (laidOut && place > 0 && merged[place - 1]?["metadata"]?["designer"]?["position"] is JsonObject position)
        {
            // Below and between what stands in a line.
            var own = activity["metadata"]!["designer"]!["position"]!; // Position wrote it
            foreach (var axis in new[] { "x", "y" })
                own[axis] = position[axis].Deserialize<double>() + 120;
        }
        merged.Insert(place, activity);
        _added.Add(JsonMerge.Key(activity));
    }

    private List<JsonObject> MergeConnections(List<JsonNode?> activities)
    {
        var present = activities.Select(JsonMerge.Key).ToHashSet();
        var theirs = List(_theirs, "connections").OfType<JsonObject>().ToList();
        var inTheirs = List(_theirs, "activities").Select(JsonMerge.Key).ToHashSet();
        var was = FlowchartBuilder.ChainOf(_was).Where(inTheirs.Contains).ToList();
        var ours = FlowchartBuilder.ChainOf(_ours).Where(present.Contains).ToList();
        if (!was.Where(ours.Contains).SequenceEqual(ours.Where(was.Contains)))
            return Reordered(theirs);
        return new ChainMerge(theirs, was, ours, addsCron: _added.Contains(FlowchartBuilder.Starts.Cron)).Merge();
    }

    private List<JsonObject> Reordered(List<JsonObject> theirs)
    {
        var was = List(_was, "connections").OfType<JsonObject>().ToList();
        var ours = List(_ours, "connections").OfType<JsonObject>().ToList();
        if (was.Find(edge => !theirs.Exists(one => ChainMerge.Key(one) == ChainMerge.Key(edge))) is { } changed)
            _merge.Conflicts.Add($"the steps of the notebook changed their order, and the connection {ChainMerge.Key(changed)} was changed in the designer; draw it as it was, promote, and draw the change again");
        var kept = theirs.Where(edge => !was.Exists(one => ChainMerge.Key(one) == ChainMerge.Key(edge)) || ours.Exists(one => ChainMerge.Key(one) == ChainMerge.Key(edge)));
        var added = ours.Where(edge => !theirs.Exists(one => ChainMerge.Key(one) == ChainMerge.Key(edge)));
        return [.. kept.Concat(added).Select(edge => edge.DeepClone().AsObject())];
    }

    private static JsonArray List(JsonObject definition, string name) => definition["root"]?[name] as JsonArray ?? [];

    // The lists of the root are merged by rules of their own.
    private static JsonObject Without(JsonObject definition)
    {
        var copy = definition.DeepClone().AsObject();
        if (copy["root"] is not JsonObject root)
            copy["root"] = root = [];
        root["activities"] = new JsonArray();
        root["connections"] = new JsonArray();
        return copy;
    }

    // An Object expression may hold its JSON as text; the designer writes it so.
    private static JsonObject Opened(JsonObject definition, bool keepRecord = false)
    {
        var copy = definition.DeepClone().AsObject();
        var custom = copy["customProperties"] as JsonObject;
        if (custom is null)
            copy["customProperties"] = custom = [];
        if (!keepRecord && custom.ContainsKey(PromotionRecord.Property))
            custom[PromotionRecord.Property] = null;
        foreach (var property in List(copy, "activities").OfType<JsonObject>().SelectMany(activity => activity).Select(pair => (pair.Value as JsonObject)?["expression"]).OfType<JsonObject>().ToList())
            if ((string?)property["type"] == "Object" && property["value"] is JsonValue text && text.TryGetValue<string>(out var json) && Parse(json) is { } value)
                property["value"] = value;
        return copy;
    }

    private static JsonNode? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return null; // the workflow's validation says what is wrong with it
        }
    }
}

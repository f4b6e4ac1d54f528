using System.Collections;
using System.Reflection;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Distributed;

/// <summary>
/// Finds the batch normalisations of a tree of modules and everything that holds them: fields, lists in fields, and the names
/// under which they are registered. TorchSharp calls a child through the field or list, and reads and writes its weights through
/// the registration; both have to change.
/// </summary>
internal sealed class BatchNormReplacement
{
    private readonly List<(nn.Module Parent, string Name, BatchNorm Old, IReadOnlyList<Action<SyncBatchNorm>> Places)> _found = [];
    private readonly List<string> _paths = [], _errors = [];
    private readonly HashSet<nn.Module> _seen = [];

    /// <returns>The names of the replaced modules.</returns>
    /// <exception cref="ArgumentException">One cannot be replaced.</exception>
    public static IReadOnlyList<string> In(nn.Module module, ICollective ranks)
    {
        if (module is BatchNorm)
            throw new ArgumentException($"The module is a {module.GetType().Name} itself, which cannot become another type. Convert the module that holds it, or make a new {nameof(SyncBatchNorm)}.", nameof(module));
        var replacement = new BatchNormReplacement();
        replacement.Look(module, "");
        if (replacement._errors.Count > 0)
            throw new ArgumentException($"{replacement._errors.Count} of {replacement._paths.Count} batch normalisations cannot be replaced, and none was. {string.Join(" ", replacement._errors)}", nameof(module));
        replacement.Replace(ranks);
        return replacement._paths;
    }

    private void Look(nn.Module parent, string path)
    {
        if (!_seen.Add(parent))
            return;
        foreach (var (name, child) in parent.named_children())
        {
            string at = path.Length == 0 ? name : $"{path}.{name}";
            if (child is BatchNorm norm)
                Note(parent, name, norm, at);
            else
                Look(child, at);
        }
    }

    private void Note(nn.Module parent, string name, BatchNorm norm, string path)
    {
        _paths.Add(path);
        var places = new List<Action<SyncBatchNorm>>();
        string? error = norm.running_mean is null || norm.momentum is null
            ? "keeps no running figures, or no momentum for them; build it with track_running_stats: true and a momentum"
            : FindPlaces(parent, norm, places);
        if (error is not null)
            _errors.Add($"'{path}' ({norm.GetType().Name}) {error}.");
        _found.Add((parent, name, norm, places));
    }

    // What is wrong; null when all that holds it can hold another module.
    private static string? FindPlaces(nn.Module parent, BatchNorm norm, List<Action<SyncBatchNorm>> places)
    {
        for (var type = parent.GetType(); type is not null && type != typeof(nn.Module); type = type.BaseType)
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                object? value = field.GetValue(parent);
                if (value == norm)
                {
                    if (!field.FieldType.IsAssignableFrom(typeof(SyncBatchNorm)))
                        return $"is in the field '{field.Name}' of the type {field.FieldType.Name}; declare that as nn.Module<Tensor, Tensor>";
                    places.Add(replacement => field.SetValue(parent, replacement));
                }
                else if (value is IList list && list.Cast<object?>().Contains(norm))
                {
                    if (list.IsReadOnly || list.GetType().GetInterfaces().FirstOrDefault(IsListOf) is { } held && !held.GenericTypeArguments[0].IsAssignableFrom(typeof(SyncBatchNorm)))
                        return $"is in '{field.Name}', a {list.GetType().Name} of what is none; let it be a list of nn.Module<Tensor, Tensor>";
                    places.Add(replacement => Put(list, norm, replacement));
                }
            }
        return places.Count > 0 ? null : $"is in no field or list of its {parent.GetType().Name}; keep it in one, or build it as a {nameof(SyncBatchNorm)}";
    }

    private static bool IsListOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>);

    private static void Put(IList list, BatchNorm old, SyncBatchNorm replacement)
    {
        for (int i = 0; i < list.Count; i++)
            if (list[i] == old)
                list[i] = replacement;
    }

    private void Replace(ICollective ranks)
    {
        var made = new Dictionary<BatchNorm, SyncBatchNorm>();   // one that is used twice stays one
        foreach (var (parent, name, old, places) in _found)
        {
            if (!made.TryGetValue(old, out var replacement))
                made.Add(old, replacement = new(old, ranks));
            foreach (var put in places)
                put(replacement);
            if (parent.named_children().Any(child => child.module == old))   // a Sequential registers what its list has
                Register(parent, old, replacement);
        }
        foreach (var old in made.Keys)
            old.Dispose();
    }

    // A name is taken back by registering null for it; all of them, so that the order stays.
    private static void Register(nn.Module parent, BatchNorm old, SyncBatchNorm replacement)
    {
        var children = parent.named_children().ToList();
        foreach (var (name, _) in children)
            parent.register_module(name, null!);
        foreach (var (name, child) in children)
            parent.register_module(name, child == old ? replacement : child);
    }
}

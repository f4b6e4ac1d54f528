using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Promotion;

/// <summary>Says what changed in the steps of a notebook since they were promoted. The notebook need not compile.</summary>
internal static class StepComparison
{
    public static IReadOnlyList<StepChange> Compare(PromotionRecord record, NotebookDocument document, IReadOnlyList<NotebookStep> steps)
    {
        var now = StepCell.Read(document, steps);
        var promoted = FlowchartBuilder.StepsOf(record.Generated);
        var names = promoted.Keys.Concat(steps.Select(step => step.Name)).Distinct();
        return [.. names.Select(name => Compare(name, record, promoted.GetValueOrDefault(name), document.KernelName, now, steps.FirstOrDefault(step => step.Name == name))).OfType<StepChange>()];
    }

    private static StepChange? Compare(string name, PromotionRecord record, JsonObject? activity, string? kernel, IReadOnlyList<StepCell> now, NotebookStep? step)
    {
        if (step is null)
            return new(name, "removed: no cell carries its tag any more", Diff([.. record.Cells.Where(cell => !cell.IsShared && cell.BelongsTo(name))], []));
        if (activity is null)
            return new(name, "added", Diff([], [.. now.Where(cell => !cell.IsShared && cell.BelongsTo(name))]));
        bool same = StepCell.HashOf(record.Kernel, record.Cells, name) == StepCell.HashOf(kernel, now, name);
        List<string> reasons = [.. Settings(activity, step)];
        if (same)
            return reasons.Count == 0 ? null : new(name, $"changed: {string.Join("; ", reasons)}", "");
        var before = record.Cells.Where(cell => cell.BelongsTo(name)).ToList();
        var after = now.Where(cell => cell.BelongsTo(name)).ToList();
        if (record.Kernel != kernel)
            reasons.Insert(0, $"kernel '{record.Kernel}' is now '{kernel}'");
        if (Cells(before, after) is { Length: > 0 } cells)
            reasons.Insert(0, cells);
        else if (record.Kernel == kernel)
            reasons.Insert(0, $"the order of its cells: {string.Join(", ", before.Select(cell => cell.Id))} is now {string.Join(", ", after.Select(cell => cell.Id))}");
        return new(name, $"changed: {string.Join("; ", reasons)}", Diff(before, after));
    }

    private static string Cells(List<StepCell> before, List<StepCell> after)
    {
        var changed = Pairs(before, after).Where(pair => pair.Before != pair.After).Select(pair => $"{(pair.After ?? pair.Before)!.Id}{Shared(pair.After ?? pair.Before!)}"); // a pair has one at least
        return string.Join(", ", changed) is { Length: > 0 } list ? $"cells {list}" : "";
    }

    private static string Shared(StepCell cell) => cell.IsShared ? $" ({cell.Role}, which every step runs)" : "";

    private static string Diff(List<StepCell> before, List<StepCell> after) => string.Concat(Pairs(before, after)
        .Select(pair => LineDiff.Unified(pair.Before?.Source ?? "", pair.After?.Source ?? "", Name(pair.Before, "as promoted"), Name(pair.After, "now"))));

    private static string Name(StepCell? cell, string when) => cell is null ? "/dev/null" : $"cell {cell.Id} ({cell.Role}), {when}";

    // Cells of older notebooks have ids made from their place, so a cell that moved is known by its text.
    private static IEnumerable<(StepCell? Before, StepCell? After)> Pairs(List<StepCell> before, List<StepCell> after)
    {
        var left = before.ToList();
        var pairs = new List<(StepCell?, StepCell?)>();
        foreach (var cell in after)
        {
            var old = left.Find(one => one.Id == cell.Id) ?? left.Find(one => one.Source == cell.Source && after.TrueForAll(other => other.Id != one.Id));
            if (old is not null)
                left.Remove(old);
            pairs.Add((old is null || old.Id == cell.Id ? old : old with { Id = cell.Id }, cell));
        }
        return left.Select(cell => ((StepCell?)cell, (StepCell?)null)).Concat(pairs);
    }

    private static IEnumerable<string> Settings(JsonObject activity, NotebookStep step)
    {
        var before = FlowchartBuilder.SettingsOf(activity);
        if (before.Timeout != step.Timeout)
            yield return $"timeout {Text(before.Timeout)} is now {Text(step.Timeout)}";
        if (before.Retries != step.Retries)
            yield return $"retries {Text(before.Retries)} is now {Text(step.Retries)}";
        if (step.Inputs is { } inputs && !inputs.ToHashSet().SetEquals(before.Inputs))
            yield return $"inputs {string.Join(", ", before.Inputs)} are now {string.Join(", ", inputs)}";
        if (step.Outputs is { } outputs && !outputs.ToHashSet().SetEquals(before.Outputs))
            yield return $"outputs {string.Join(", ", before.Outputs)} are now {string.Join(", ", outputs)}";
    }

    private static string Text<T>(T? value) where T : struct => value?.ToString() ?? "none";
}

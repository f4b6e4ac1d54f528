using System.Text.RegularExpressions;
using Workbench.Data;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Promotion;

/// <summary>Reads the steps that a notebook's cells are tagged with. Cells of one name are one step.</summary>
public static partial class NotebookSteps
{
    /// <summary>The steps in the order in which they first appear; empty when no cell is tagged.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="origin">Its path, for errors.</param>
    /// <exception cref="DataException">Two places disagree about a step, or a detail has the wrong form; the message names the cell.</exception>
    public static IReadOnlyList<NotebookStep> Read(NotebookDocument document, string origin)
    {
        var steps = new List<NotebookStep>();
        for (int index = 0; index < document.Cells.Count; index++)
        {
            var cell = document.Cells[index];
            if (cell.Type != CellType.Code || ReadCell(cell, index, origin) is not { Name: { } name } details)
                continue;
            int known = steps.FindIndex(step => step.Name == name);
            var step = known < 0 ? new NotebookStep { Name = name, CellIds = [] } : steps[known];
            step = Merge(step, details, cell, index, origin);
            if (known < 0)
                steps.Add(step);
            else
                steps[known] = step;
        }
        return steps;
    }

    /// <summary>The one of <paramref name="steps"/> called <paramref name="name"/>.</summary>
    /// <exception cref="DataException">There is none; the message lists the known ones.</exception>
    public static NotebookStep Find(IReadOnlyList<NotebookStep> steps, string name, string origin) =>
        steps.FirstOrDefault(step => step.Name == name) ?? throw new DataException(
            $"Notebook '{origin}' has no step '{name}'.{Suggestion.DidYouMean(name, steps.Select(step => step.Name))} Known: {(steps.Count == 0 ? "none; tag cells with step:NAME" : string.Join(", ", steps.Select(step => step.Name)))}.")
        { Origin = origin, Value = name };

    internal static string Place(NotebookCell cell, int index) => $"cell {index + 1} (id {cell.Id})";

    private static StepDetails? ReadCell(NotebookCell cell, int index, string origin)
    {
        try
        {
            var tag = StepDetails.FromTags(cell);
            var metadata = StepDetails.FromMetadata(cell);
            var magic = StepDetails.FromMagic(cell);
            var name = Agree(Agree(tag.Name, magic?.Name, "step"), metadata?.Name, "step");
            if (cell.Tags.Where(one => one.StartsWith(CellTags.StepPrefix, StringComparison.Ordinal)).Distinct().ToList() is { Count: > 1 } tags)
                throw new FormatException($"it carries {string.Join(" and ", tags)}; a cell belongs to one step");
            if (name is not null && cell.Tags.FirstOrDefault(tag => tag is CellTags.Setup or CellTags.Parameters) is { } shared)
                throw new FormatException($"it carries the tag '{shared}' and belongs to step '{name}'; a cell that every step runs belongs to none");
            if (name is null)
                return metadata is null ? null : throw new FormatException("metadata.workbench.step is there, but no tag step:NAME");
            if (!StepName().IsMatch(name))
                throw new FormatException($"'{name}' is no name for a step; use letters, digits, - and _, beginning with a letter");
            return new(
                name, AgreeLists(metadata?.Inputs, magic?.Inputs, "inputs"), AgreeLists(metadata?.Outputs, magic?.Outputs, "outputs"),
                Agree(metadata?.Timeout, magic?.Timeout, "timeout"), Agree(metadata?.Retries, magic?.Retries, "retries"));
        }
        catch (FormatException failure)
        {
            throw new DataException($"Notebook '{origin}', {Place(cell, index)}: {failure.Message}.", failure) { Origin = origin };
        }
    }

    private static NotebookStep Merge(NotebookStep step, StepDetails details, NotebookCell cell, int index, string origin)
    {
        try
        {
            return step with
            {
                CellIds = [.. step.CellIds, cell.Id],
                Inputs = AgreeLists(step.Inputs, details.Inputs, "inputs"),
                Outputs = AgreeLists(step.Outputs, details.Outputs, "outputs"),
                Timeout = Agree(step.Timeout, details.Timeout, "timeout"),
                Retries = Agree(step.Retries, details.Retries, "retries"),
            };
        }
        catch (FormatException failure)
        {
            throw new DataException($"Notebook '{origin}', {Place(cell, index)}, step '{step.Name}': {failure.Message}.", failure) { Origin = origin };
        }
    }

    private static T? Agree<T>(T? first, T? second, string what) => first is null || second is null || first.Equals(second)
        ? first ?? second
        : throw Disagreement(what, first.ToString(), second.ToString());

    private static IReadOnlyList<string>? AgreeLists(IReadOnlyList<string>? first, IReadOnlyList<string>? second, string what) =>
        first is null || second is null || first.SequenceEqual(second)
            ? first ?? second
            : throw Disagreement(what, string.Join(',', first), string.Join(',', second));

    private static FormatException Disagreement(string what, string? first, string? second) =>
        new($"two places disagree about its {what}: '{first}' and '{second}'; say it once, in the tag and metadata.workbench.step or in the line #!step");

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]*$")]
    private static partial Regex StepName();
}

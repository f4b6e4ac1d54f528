using Workbench.Data;

namespace Workbench.Features;

/// <summary>Texts and the class of each.</summary>
public sealed record LabelledTexts
{
    /// <summary>[N] texts; never null.</summary>
    public required IReadOnlyList<string> Texts { get; init; }
    /// <summary>[N] names of their classes; empty when they are not known.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Reads a column of texts and one of classes, in the order of the files and rows.</summary>
    /// <param name="path">File, glob or folder, see <see cref="TableFile.Open"/>.</param>
    /// <param name="text">Name of the column of texts.</param>
    /// <param name="label">Name of the column of classes, of any type.</param>
    /// <param name="where">SQL condition over the files' columns; default all rows.</param>
    /// <param name="parameters">Values of the condition's parameters.</param>
    /// <exception cref="DataException">A file or column is missing, or a row has no text or class.</exception>
    public static LabelledTexts Read(string path, string text, string label, string? where = null, params (string Name, object? Value)[] parameters)
    {
        using var session = DuckSession.Open();
        var table = TableFile.Open(session, path, [text, label]);
        string condition = where is null ? "" : $" WHERE {where}";
        var rows = session.Query<(string? Text, string? Label)>(
            $"SELECT {DuckSession.Identifier(text)}::VARCHAR, {DuckSession.Identifier(label)}::VARCHAR FROM {table.Relation}{condition}", parameters);
        for (int row = 0; row < rows.Count; row++)
            if (rows[row].Text is null || rows[row].Label is null)
                throw new DataException($"Column '{(rows[row].Text is null ? text : label)}' is NULL in row {row + 1:N0} of {path}. Read only whole rows: where {text} IS NOT NULL AND {label} IS NOT NULL.")
                { Origin = path, Column = rows[row].Text is null ? text : label };
        return new() { Texts = [.. rows.Select(row => row.Text ?? "")], Labels = [.. rows.Select(row => row.Label ?? "")] };
    }
}

using System.Globalization;
using Workbench.Data;
using Workbench.Features;
using Workbench.Serving.Sessions;

namespace Workbench.Host.Prediction;

/// <summary>Looks at the data: which files, which columns, which rows make a part.</summary>
internal static class PredictionPlanner
{
    /// <summary>Columns of the output that come from the model.</summary>
    public static IReadOnlyList<PredictionPlan.Column> Predicted(OnnxModel model, int? version) =>
    [
        .. version is null ? Array.Empty<PredictionPlan.Column>() : [new("model_version", "INTEGER")],
        new("score", "DOUBLE"),
        .. model.Task switch
        {
            PredictionTask.Binary => [new("predicted", "INTEGER")],
            PredictionTask.Multiclass => [new("predicted", "VARCHAR"), .. model.Classes.Select(name => new PredictionPlan.Column($"probability_{name}", "DOUBLE"))],
            _ => Array.Empty<PredictionPlan.Column>(),
        },
    ];

    /// <summary>The plan without its parts, and the files on this machine in the order of its inputs.</summary>
    /// <exception cref="DataException">A file, column or value is not as the model needs it.</exception>
    /// <exception cref="CommandException">The data lie in the output's folder, or a column would be there twice.</exception>
    public static (PredictionPlan Plan, IReadOnlyList<string> Files) Plan(PredictionRequest request, PredictionModel model, OnnxModel session)
    {
        using var duck = DuckSession.Open();
        var path = Path.GetFullPath(request.Data);
        var table = TableFile.Open(duck, path, [.. session.Schema.Categorical, .. request.Keep, .. request.Id is { } id ? new[] { id } : []], session.Schema.Numeric);
        var output = Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Output)) + Path.DirectorySeparatorChar;
        if (table.Files.FirstOrDefault(file => Path.GetFullPath(file).StartsWith(output, StringComparison.Ordinal)) is { } inside)
            throw new CommandException($"'{inside}' is data and lies in the folder of the output, '{request.Output}'. Name another folder with --out.");
        var kept = request.Keep.Select(name => table.Find(name)!).Select(column => new PredictionPlan.Column(column.Name, column.Type)).ToList(); // Open has seen that they are there
        var names = kept.Select(column => column.Name).Concat(HasId(request) ? [PartWriter.IdColumn] : []).Concat(Predicted(session, model.Version).Select(column => column.Name));
        if (names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new CommandException($"The output would have the column '{twice.Key}' twice. Leave it out of --keep, or rename it in the data.");
        return (new()
        {
            Model = model.Title, ModelHash = model.Hash, ModelVersion = model.Version, RowsPerPart = request.RowsPerPart, Id = HasId(request) ? request.Id ?? "" : null, Keep = kept,
            Inputs = [.. table.Files.Select(file => new PredictionPlan.Input(NameOf(file, path), DataSnapshot.HashFile(file), new FileInfo(file).Length))],
        }, [.. table.Files.Select(Path.GetFullPath)]);
    }

    /// <summary>Whole row groups up to the number of rows that a part has; a larger group is cut. Without rows there is one part without rows.</summary>
    public static IReadOnlyList<PredictionPlan.Part> Cut(IReadOnlyList<string> files, int rowsPerPart)
    {
        using var duck = DuckSession.Open();
        var (parts, open) = (new List<PredictionPlan.Part>(), new List<PredictionPlan.Slice>());
        void Close()
        {
            if (open.Count > 0)
                parts.Add(new([.. open]));
            open.Clear();
        }
        for (int input = 0; input < files.Count; input++)
        {
            long first = 0;
            foreach (long rows in duck.Query<(long Group, long Rows)>($"SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata({DuckSession.Literal(files[input])}) ORDER BY row_group_id").Select(group => group.Rows))
            {
                if (open.Sum(slice => slice.Rows) + rows > rowsPerPart)
                    Close();
                long pieces = (rows + rowsPerPart - 1) / rowsPerPart;
                for (long piece = 0, begin = 0; piece < pieces; piece++)
                {
                    long end = rows * (piece + 1) / pieces;
                    Add(open, new(input, first + begin, end - begin));
                    begin = end;
                    if (pieces > 1)
                        Close();
                }
                first += rows;
            }
        }
        Close();
        return parts.Count > 0 ? parts : [new([])];
    }

    private static void Add(List<PredictionPlan.Slice> open, PredictionPlan.Slice slice)
    {
        if (open.Count > 0 && open[^1] is var last && last.Input == slice.Input && last.First + last.Rows == slice.First)
            open[^1] = last with { Rows = last.Rows + slice.Rows };
        else
            open.Add(slice);
    }

    private static bool HasId(PredictionRequest request) => request.Id is not null || request.Keep.Count == 0;

    // Moving the data changes nothing; files of one name in two folders stay apart.
    private static string NameOf(string file, string path) => Directory.Exists(path) ? Path.GetRelativePath(path, file).Replace('\\', '/') : Path.GetFileName(file);

    /// <summary>A number as it stands in a message.</summary>
    public static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

namespace Workbench.Host.Prediction;

/// <summary>What is predicted, and what its output holds.</summary>
internal sealed record PredictionRequest
{
    /// <summary>Parquet or CSV: file, glob or folder.</summary>
    public required string Data { get; init; }
    /// <summary>Folder of the output.</summary>
    public required string Output { get; init; }
    /// <summary>Columns of the data that the output has too.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];
    /// <summary>Column that becomes <c>prediction_id</c>; null, and nothing kept: the file's name and the row's number.</summary>
    public string? Id { get; init; }
    /// <summary>About how many rows a part has.</summary>
    public int RowsPerPart { get; init; } = 1_000_000;
    /// <summary>Processes; one works in this process.</summary>
    public int Processes { get; init; } = 1;
}

using Workbench.Data;
using Workbench.Drift.Quality;
using Workbench.Drift.Quality.Scanning;

namespace Workbench.Drift.Expectations;

/// <summary>
/// What rows should be like: types, missing values, ranges, categories, uniqueness, patterns, order, row count, relations. Inferred
/// from a reference, kept as YAML that people edit, and checked before rows are used. Immutable and thread-safe.
/// </summary>
/// <example><code>
/// DataExpectations.Infer("churn/2024-*.parquet").Save("expectations.yaml");
/// DataExpectations.Load("expectations.yaml").Require("churn/2025-01.parquet"); // throws with the findings
/// </code></example>
public sealed class DataExpectations
{
    private const string SchemaResource = "Workbench.Drift.Expectations.expectations.schema.json";
    private readonly IReadOnlyList<Expectation> _expectations;
    private readonly string? _comment;

    private DataExpectations(string name, IReadOnlyList<Expectation> expectations, string? comment = null) => (Name, _expectations, _comment) = (name, expectations, comment);

    /// <summary>The file they were read from, or the reference they were inferred from.</summary>
    public string Name { get; }
    /// <summary>How many they are; that a column is there counts as one.</summary>
    public int Count => _expectations.Count;
    /// <summary>The JSON schema of a file of expectations (draft 2020-12), for editors.</summary>
    public static string JsonSchema
    {
        get
        {
            using var stream = typeof(DataExpectations).Assembly.GetManifestResourceStream(SchemaResource)
                ?? throw new InvalidOperationException($"The resource {SchemaResource} is not in the assembly.");
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }

    /// <summary>What the reference is like; it keeps all that is inferred from it.</summary>
    /// <param name="reference">Rows as they should be.</param>
    /// <param name="options">How close to follow them; null means the defaults.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DataException">The reference cannot be read or has no rows, or the options do not fit.</exception>
    public static DataExpectations Infer(DriftSource reference, ExpectationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        using var opened = reference.OpenRows(cancellationToken);
        var input = RelationWorkers.Require(opened);
        return new(reference.Name, new ExpectationInference(options ?? new()).Infer(input, cancellationToken),
            $"What {QualityText.Rows(input.Rows)} of '{reference.Name}' are like. Change what should be otherwise, delete what does not matter.\nCheck rows with: workbench data check DATA --expectations THIS_FILE. The rules: docs/data-quality.md, workbench data schema.");
    }

    /// <summary>Reads YAML (or JSON, which is YAML too).</summary>
    /// <param name="yaml">As <see cref="ToYaml"/> writes it.</param>
    /// <param name="name">How messages call it.</param>
    /// <exception cref="DataException">Lists all that is wrong, with its line and the nearest name.</exception>
    public static DataExpectations Parse(string yaml, string name = "expectations")
    {
        ArgumentNullException.ThrowIfNull(yaml);
        return new(name, ExpectationReader.Read(yaml, name));
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">It cannot be read, or is no file of expectations.</exception>
    public static DataExpectations Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot read the expectations '{path}': {failure.Message} Write some with: workbench data expect REFERENCE --out {path}", failure) { Origin = path };
        }
    }

    /// <summary>The file as text.</summary>
    public string ToYaml() => ExpectationWriter.Write(_expectations, _comment);

    /// <summary>Writes the file, through a temporary name.</summary>
    /// <exception cref="DataException">It cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteAllText(path, ToYaml());

    /// <summary>Checks rows.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="clock">What time it is, for the age of the newest row; null means the system's.</param>
    /// <param name="workers">Scans at the same time; null means one a core.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DataException">The rows cannot be read, or a condition or regular expression is wrong. A broken expectation is no exception.</exception>
    public ExpectationReport Check(DriftSource data, TimeProvider? clock = null, int? workers = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        using var opened = data.OpenRows(cancellationToken);
        var input = RelationWorkers.Require(opened);
        return new()
        {
            Data = data.Name,
            Rows = input.Rows,
            Expectations = Name,
            Results = new ExpectationCheck(input, Math.Max(1, workers ?? Environment.ProcessorCount), cancellationToken).Run(_expectations, (clock ?? TimeProvider.System).GetUtcNow()),
        };
    }

    /// <summary>The gate: checks rows and goes on only when they keep every expectation of severity error.</summary>
    /// <inheritdoc cref="Check"/>
    /// <exception cref="DataException">They do not; the message lists what is broken. Or the rows cannot be read.</exception>
    public ExpectationReport Require(DriftSource data, TimeProvider? clock = null, int? workers = null, CancellationToken cancellationToken = default)
    {
        var report = Check(data, clock, workers, cancellationToken);
        if (report.Passed)
            return report;
        var broken = report.Broken(QualitySeverity.Error);
        throw new DataException($"'{report.Data}' breaks {report.Failures} of {report.Results.Count} expectations of '{Name}':{Environment.NewLine}{string.Join(Environment.NewLine, broken.Select(one => $"  {one} {one.Advice}"))}")
        {
            Origin = report.Data, Column = broken[0].Column,
        };
    }
}

using System.Globalization;
using Workbench.Data;

namespace Workbench.Host.Demo;

/// <summary>One row of the sample data as the world sees it: a request now, a label later.</summary>
internal sealed record Customer(string RowId, DateTime EventAt, DateTime LabelAt, int Churned, IReadOnlyList<CustomerInput> Inputs)
{
    /// <summary>Customers from <paramref name="from"/> on in the order of their requests, with the inputs that the served model names.</summary>
    public static IReadOnlyList<Customer> Read(string folder, DateTime from, IReadOnlyList<ModelInput> inputs)
    {
        using var session = DuckSession.Open();
        using var command = session.Connection.CreateCommand();
        var columns = string.Join(", ", inputs.Select(input => DuckSession.Identifier(input.Name)));
        command.CommandText = $"""
            SELECT row_id, event_at, label_at, churned::INTEGER, {columns}
            FROM read_parquet({DuckSession.Literal(Path.Combine(folder, "*.parquet"))})
            WHERE event_at >= {DuckSession.Literal(from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))}::TIMESTAMP
            ORDER BY event_at, row_id
            """;
        using var reader = command.ExecuteReader();
        var customers = new List<Customer>();
        while (reader.Read())
            customers.Add(new(reader.GetString(0), reader.GetDateTime(1), reader.GetDateTime(2), reader.GetInt32(3),
                [.. inputs.Select((input, index) => new CustomerInput(input, reader.IsDBNull(index + 4) ? null : reader.GetValue(index + 4)))]));
        return customers;
    }
}

/// <param name="Name">Column.</param>
/// <param name="Datatype">Open Inference Protocol's name of the type, such as FP32 or BYTES.</param>
internal sealed record ModelInput(string Name, string Datatype);

/// <param name="Input">Which input.</param>
/// <param name="Value">A number, a string, or null when it is missing.</param>
internal readonly record struct CustomerInput(ModelInput Input, object? Value);

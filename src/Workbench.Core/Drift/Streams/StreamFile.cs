using System.Globalization;
using DuckDB.NET.Data;
using Workbench.Data;

namespace Workbench.Drift.Streams;

/// <summary>Reads a column of Parquet or CSV files, in the order of their rows, through a watch.</summary>
public static class StreamFile
{
    /// <summary>Feeds each value to the watch; rows without one (NULL or NaN) are counted and left out.</summary>
    /// <param name="path">File, glob or folder; several files are read in the order of their names.</param>
    /// <param name="column">A column of numbers or booleans.</param>
    /// <param name="watch">Goes on after the last row.</param>
    /// <param name="time">A column that says when each row was; it may not fall from row to row. Null for none.</param>
    /// <param name="skipRows">Rows at the start that were seen before; at least 0.</param>
    /// <param name="cancellationToken">Stops the reading; the watch has then seen a part.</param>
    /// <exception cref="DataException">No such file or column, fewer rows than were seen, a value that the detector does not take, or a time that falls: names the row.</exception>
    public static StreamReading Read(
        string path, string column, StreamWatch watch, string? time = null, long skipRows = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skipRows);
        using var session = DuckSession.Open();
        using var cancellation = session.CancelOn(cancellationToken);
        var table = TableFile.Open(session, path, time is null ? [] : [time], [column]);
        long rows = session.Scalar<long>($"SELECT count(*) FROM {table.Relation}");
        if (rows < skipRows)
            throw new DataException($"'{path}' has {rows:N0} rows, and {skipRows:N0} of it were read before. Give the whole file again, or another state to start with.") { Origin = path };
        string when = time is null ? "NULL" : DuckSession.Identifier(time);
        string sql = $"SELECT {DuckSession.Identifier(column)}::DOUBLE, {when}, {when}::VARCHAR FROM {table.Relation} OFFSET {skipRows}";
        var scan = new Scan(path, column, watch, skipRows);
        session.Run(sql, [], command => scan.Run(command, cancellationToken));
        return new()
        {
            Path = path, Column = column, Detector = watch.Detector.Name,
            SkippedRows = skipRows, Rows = rows, Missing = scan.Missing, Detections = scan.Detections,
        };
    }

    private sealed class Scan(string path, string column, StreamWatch watch, long row)
    {
        private long _row = row;
        private object? _latest;

        public long Missing { get; private set; }
        public List<StreamDetection> Detections { get; } = [];

        public long Run(DuckDBCommand command, CancellationToken cancellationToken)
        {
            command.UseStreamingMode = true;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                if (++_row % 4096 == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                string? time = reader.IsDBNull(1) ? null : Time(reader);
                if (reader.IsDBNull(0) || double.IsNaN(reader.GetDouble(0)))
                    Missing++;
                else if (Update(reader.GetDouble(0)) is { } found)
                    Detections.Add(found with { Row = _row, Time = time });
            }
            return _row;
        }

        private string Time(DuckDBDataReader reader)
        {
            object now = reader.GetValue(1);
            string text = reader.GetString(2);
            if (_latest is not null && Comparer<object>.Default.Compare(now, _latest) < 0)
                throw new DataException($"Row {_row:N0} of '{path}' has the time {text}, which lies before that of an earlier row. Sort the file by its time.") { Origin = path, Value = text };
            _latest = now;
            return text;
        }

        private StreamDetection? Update(double value)
        {
            try
            {
                return watch.Update(value);
            }
            catch (ArgumentOutOfRangeException failure)
            {
                string text = value.ToString("R", CultureInfo.InvariantCulture);
                throw new DataException($"Row {_row:N0} of '{path}' has {text} in '{column}': {failure.Message.Split(" (Parameter")[0]}", failure) { Origin = path, Column = column, Value = text };
            }
        }
    }
}

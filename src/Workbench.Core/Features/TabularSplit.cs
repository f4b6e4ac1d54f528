using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Workbench.Data;

namespace Workbench.Features;

/// <summary>Splits rows into those to learn from and those to judge by.</summary>
public static class TabularSplit
{
    /// <summary>
    /// Puts a row by the hash of its id and nothing else: rows of one id (a customer's months) are never on both sides,
    /// and an id stays on its side in every window and run, so that a model retrained next month is not judged by
    /// customers that this month's model has learned from.
    /// </summary>
    /// <param name="data">Rows whose schema names an id. Choose the one that stands for what must not be on both sides.</param>
    /// <param name="holdout">Share of ids held out, in (0, 1); default 0.2.</param>
    /// <param name="salt">Another text gives another, equally stable split; default none.</param>
    /// <exception cref="DataException">The rows have no ids, or one side would be empty.</exception>
    public static (TabularData Training, TabularData Holdout) ByHash(TabularData data, double holdout = 0.2, string salt = "")
    {
        if (!(holdout > 0 && holdout < 1))
            throw new ArgumentOutOfRangeException(nameof(holdout), holdout, "The share held out must lie between 0 and 1, both excluded.");
        if (data.Ids.Length != data.Rows)
            throw new DataException("Cannot split by hash: the rows have no ids. Name the id's column in the schema.");
        var sides = Enumerable.Range(0, data.Rows).ToLookup(row => Position(data.Ids[row], salt) < holdout);
        if (!sides[true].Any() || !sides[false].Any())
            throw new DataException($"Splitting {data.Rows:N0} rows leaves one side empty. Widen the window, or change the share held out ({holdout}).");
        return (data.Select([.. sides[false]]), data.Select([.. sides[true]]));
    }

    /// <summary>Where an id falls in [0, 1): the first 8 bytes of SHA-256 over salt, line feed and id in UTF-8.</summary>
    internal static double Position(string id, string salt) =>
        (BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{salt}\n{id}"))) >> 11) * (1.0 / (1UL << 53));
}

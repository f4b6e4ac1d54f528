using Workbench.Drift.Numeric;

namespace Workbench.Drift.Sketches;

/// <summary>What a profile's file holds, uncompressed. Whole numbers are 7 bits a byte, ascending ones as differences.</summary>
internal static class ProfileContent
{
    private const byte NoSketch = 0, Numbers = 1, Categories = 2;

    public static void Write(DriftProfile profile, BinaryWriter writer)
    {
        writer.Write(profile.Name);
        writer.Write7BitEncodedInt64(profile.Rows);
        writer.Write7BitEncodedInt(profile.Columns.Count);
        foreach (var column in profile.Columns)
        {
            writer.Write(column.Name);
            writer.Write(column.Type);
            writer.Write(column.Kind.ToString());
            writer.Write(column.Numbers is not null ? Numbers : column.Categories is not null ? Categories : NoSketch);
            if (column.Numbers is { } numbers)
                Write(numbers, writer);
            else if (column.Categories is { } categories)
                Write(categories, writer);
        }
    }

    public static DriftProfile Read(BinaryReader reader)
    {
        string name = reader.ReadString();
        long rows = reader.Read7BitEncodedInt64();
        var columns = new DriftProfileColumn[reader.Read7BitEncodedInt()];
        for (int i = 0; i < columns.Length; i++)
        {
            var column = new DriftProfileColumn { Name = reader.ReadString(), Type = reader.ReadString(), Kind = Enum.Parse<DriftColumnKind>(reader.ReadString()) };
            columns[i] = reader.ReadByte() switch
            {
                Numbers => column with { Numbers = ReadNumbers(reader) },
                Categories => column with { Categories = ReadCategories(reader) },
                _ => column,
            };
        }
        return new(name, rows, columns);
    }

    private static void Write(NumericSketch sketch, BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(sketch.Shift);
        writer.Write7BitEncodedInt64(sketch.Nulls);
        writer.Write7BitEncodedInt64(sketch.NotFinite);
        writer.Write7BitEncodedInt64(sketch.Moments.Count);
        writer.Write(sketch.Moments.Mean);
        writer.Write(sketch.Moments.Rest);
        writer.Write(sketch.Moments.Variance);
        writer.Write7BitEncodedInt(sketch.Bins.Length);
        ulong before = 0;
        foreach (var bin in sketch.Bins)
        {
            writer.Write7BitEncodedInt64((long)(bin.Bin - before));
            writer.Write7BitEncodedInt64(bin.Count);
            before = bin.Bin;
            if (sketch.Shift == 0)
                continue; // the bin is the value
            ulong min = SketchKey.Of(bin.Min), max = SketchKey.Of(bin.Max);
            writer.Write7BitEncodedInt64((long)(min - (bin.Bin << sketch.Shift)));
            writer.Write7BitEncodedInt64((long)(max - min));
            writer.Write(bin.Offset);
        }
    }

    private static NumericSketch ReadNumbers(BinaryReader reader)
    {
        int shift = reader.Read7BitEncodedInt();
        long nulls = reader.Read7BitEncodedInt64(), notFinite = reader.Read7BitEncodedInt64();
        var moments = new MergeableMoments(reader.Read7BitEncodedInt64(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        var bins = new SketchBin[reader.Read7BitEncodedInt()];
        ulong key = 0;
        for (int i = 0; i < bins.Length; i++)
        {
            key += (ulong)reader.Read7BitEncodedInt64();
            long count = reader.Read7BitEncodedInt64();
            if (shift == 0)
            {
                bins[i] = new(key, count, 0, SketchKey.Value(key), SketchKey.Value(key));
                continue;
            }
            ulong min = (key << shift) + (ulong)reader.Read7BitEncodedInt64(), max = min + (ulong)reader.Read7BitEncodedInt64();
            bins[i] = new(key, count, reader.ReadDouble(), SketchKey.Value(min), SketchKey.Value(max));
        }
        return new(shift, bins, moments, nulls, notFinite);
    }

    private static void Write(CategorySketch sketch, BinaryWriter writer)
    {
        writer.Write7BitEncodedInt64(sketch.Nulls);
        writer.Write7BitEncodedInt64(sketch.OtherRows);
        writer.Write7BitEncodedInt64(sketch.MaxError);
        writer.Write7BitEncodedInt(sketch.Counts.Count);
        foreach (var (category, rows) in sketch.Counts.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            writer.Write(category);
            writer.Write7BitEncodedInt64(rows);
        }
    }

    private static CategorySketch ReadCategories(BinaryReader reader)
    {
        long nulls = reader.Read7BitEncodedInt64(), others = reader.Read7BitEncodedInt64(), error = reader.Read7BitEncodedInt64();
        int count = reader.Read7BitEncodedInt();
        var counts = new Dictionary<string, long>(count, StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
            counts.Add(reader.ReadString(), reader.Read7BitEncodedInt64());
        return new(counts, nulls, others, error);
    }
}

using System.Numerics.Tensors;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Shows arrays of two and more dimensions, and .NET's own tensors.</summary>
internal static class ArrayFormatter
{
    private const int SmallElements = 100;

    /// <summary>The array, or null when the value is none.</summary>
    public static MimeBundle? TryFormat(object value, int maximumRows) => value switch
    {
        Array { Rank: 2 } array => Matrix(array, maximumRows).ToBundle(),
        Array { Rank: > 2 } array => Block(TypeName.Of(array.GetType().GetElementType()!), Enumerable.Range(0, array.Rank).Select(axis => array.GetLongLength(axis)).ToList(), position => array.GetValue(position)), // an array has an element type
        IReadOnlyTensor tensor => Block(TypeName.Of(tensor.GetType()), Lengths(tensor), position => Element(tensor, position)),
        _ => null,
    };

    private static ShownTable Matrix(Array array, int maximumRows)
    {
        var type = array.GetType().GetElementType()!; // an array has an element type
        int columns = Math.Min(array.GetLength(1), ShownTable.MaximumColumns);
        return new()
        {
            Columns = Enumerable.Range(0, columns).Select(column => new ShownColumn(ValueText.Exact(column), TypeName.Of(type), ValueText.IsNumeric(type))).ToList(),
            Rows = Enumerable.Range(0, Math.Min(array.GetLength(0), maximumRows))
                .Select(row => Enumerable.Range(0, columns).Select(column => array.GetValue(row + array.GetLowerBound(0), column + array.GetLowerBound(1))).ToArray()).ToList(),
            TotalRows = array.GetLength(0),
            TotalColumns = array.GetLength(1),
            Kind = $"of {TypeName.Of(type)}",
        };
    }

    private static MimeBundle Block(string type, List<long> shape, Func<long[], object?> element)
    {
        bool small = shape.Aggregate(1L, (product, length) => product * length) <= SmallElements;
        var values = NumberBlock.Write(shape, position => ValueText.Short(element(position)) ?? "null", small);
        var text = $"{type} {NumberBlock.Shape(shape)}{(values is null ? "" : "\n" + values)}";
        return MimeBundle.Of("text/plain", text, text);
    }

    private static List<long> Lengths(IReadOnlyTensor tensor) => tensor.Lengths.ToArray().Select(length => (long)length).ToList();

    private static object? Element(IReadOnlyTensor tensor, long[] position) => tensor[position.Select(index => (nint)index).ToArray()];
}

using System.Collections;
using System.Data;
using System.Dynamic;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Analysis;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>How the items of a sequence become rows.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Read">An item that is not null, as values in the order of the columns.</param>
internal sealed record RowShape(IReadOnlyList<ShownColumn> Columns, Func<object, object?[]> Read)
{
    /// <summary>The shape of items that have columns: records, dictionaries, tuples, pairs, groups, lists. Null for scalars and opaque objects.</summary>
    public static RowShape? Of(Type type, IReadOnlyList<object> items)
    {
        if (ValueText.IsScalar(type) || IsOpaque(type))
            return null;
        if (typeof(DataFrameColumn).IsAssignableFrom(type))
            return FrameColumns();
        if (type == typeof(DataRow) || type.IsSubclassOf(typeof(DataRow)))
            return items.Count == 0 ? null : DataRows(((DataRow)items[0]).Table);
        if (DictionaryValue(type) is not null)
            return Dictionaries(items);
        if (Definition(type) == typeof(KeyValuePair<,>))
            return Pairs(type, items);
        if (Interface(type, typeof(IGrouping<,>)) is { } grouping)
            return Groups(grouping.GetGenericArguments());
        if (typeof(ITuple).IsAssignableFrom(type) && type.IsGenericType)
            return Tuples(type);
        if (typeof(IEnumerable).IsAssignableFrom(type))
            return Lists(items);
        return Members(type);
    }

    private static bool IsOpaque(Type type) =>
        typeof(Exception).IsAssignableFrom(type) || typeof(Delegate).IsAssignableFrom(type) || typeof(Task).IsAssignableFrom(type) || typeof(JsonNode).IsAssignableFrom(type)
        || type == typeof(JsonElement) || type == typeof(JsonDocument) || type == typeof(object) || TensorFormatter.Handles(type) || FigureFormatter.Handles(type);

    private static Type? Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : null;

    private static Type? Interface(Type type, Type definition) => type.GetInterfaces().Append(type).FirstOrDefault(candidate => Definition(candidate) == definition);

    // Rows as name -> value, the way JSON-like data and ExpandoObject come.
    private static Type? DictionaryValue(Type type) =>
        (Interface(type, typeof(IReadOnlyDictionary<,>)) ?? Interface(type, typeof(IDictionary<,>))) is { } dictionary && dictionary.GetGenericArguments()[0] == typeof(string)
            ? dictionary.GetGenericArguments()[1] : type == typeof(ExpandoObject) ? typeof(object) : null;

    private static RowShape Dictionaries(IReadOnlyList<object> items)
    {
        var names = items.SelectMany(Keys).Distinct(StringComparer.Ordinal).ToList();
        var values = items.Select(item => Entries(item).ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal)).ToList();
        var columns = names.Select(name => Column(name, values.Select(row => row.GetValueOrDefault(name)))).ToList();
        return new(columns, item =>
        {
            var entries = Entries(item).ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
            return names.Select(name => entries.GetValueOrDefault(name)).ToArray();
        });
    }

    private static IEnumerable<string> Keys(object dictionary) => Entries(dictionary).Select(entry => entry.Key);

    // A generic dictionary enumerates pairs of types that are not known here.
    private static IEnumerable<(string Key, object? Value)> Entries(object dictionary) => dictionary is IDictionary<string, object?> known
        ? known.Select(entry => (entry.Key, entry.Value))
        : ((IEnumerable)dictionary).Cast<object>().Select(entry => ((string)PairPart(entry, "Key")!, PairPart(entry, "Value"))); // a key is never null

    private static object? PairPart(object pair, string name) => pair.GetType().GetProperty(name)?.GetValue(pair);

    private static RowShape Pairs(Type type, IReadOnlyList<object> items)
    {
        var (key, value) = (type.GetGenericArguments()[0], type.GetGenericArguments()[1]);
        var values = items.Select(item => PairPart(item, "Value")).OfType<object>().ToList();
        var keyColumn = new ShownColumn("key", TypeName.Of(key), ValueText.IsNumeric(key));
        if (!typeof(IEnumerable).IsAssignableFrom(value) && CommonType(values, value) is { } common && Of(common, values) is { } inner)
            return new([keyColumn, .. inner.Columns], item => [PairPart(item, "Key"), .. PairPart(item, "Value") is { } row ? inner.Read(row) : new object?[inner.Columns.Count]]);
        return new([keyColumn, value == typeof(object) ? Column("value", values) : new("value", TypeName.Of(value), ValueText.IsNumeric(value))], item => [PairPart(item, "Key"), PairPart(item, "Value")]);
    }

    private static RowShape Groups(Type[] arguments) => new(
        [new("key", TypeName.Of(arguments[0]), ValueText.IsNumeric(arguments[0])), new("count", "Int32", true), new("items", TypeName.Of(arguments[1]), false)],
        item => [Interface(item.GetType(), typeof(IGrouping<,>))!.GetProperty("Key")!.GetValue(item), ((IEnumerable)item).Cast<object?>().Count(), item]); // the type was checked to be a grouping

    private static RowShape Tuples(Type type)
    {
        var types = type.GetGenericArguments().Length < 8 ? type.GetGenericArguments() : null;
        int length = types?.Length ?? ((ITuple)RuntimeHelpers.GetUninitializedObject(type)).Length;
        var columns = Enumerable.Range(0, length).Select(index => new ShownColumn($"Item{index + 1}", types is null ? "" : TypeName.Of(types[index]), types is not null && ValueText.IsNumeric(types[index]))).ToList();
        return new(columns, item => Enumerable.Range(0, length).Select(index => ((ITuple)item)[index]).ToArray());
    }

    // Lists of lists: one column a position, as long as the longest; a table of texts when the inner items are no scalars.
    private static RowShape? Lists(IReadOnlyList<object> items)
    {
        var lists = items.Select(item => ((IEnumerable)item).Cast<object?>().Take(ShownTable.MaximumColumns).ToList()).ToList();
        if (lists.SelectMany(list => list).OfType<object>().Any(value => !ValueText.IsScalar(value.GetType())))
            return null;
        int width = lists.Select(list => list.Count).DefaultIfEmpty().Max();
        var columns = Enumerable.Range(0, width).Select(index => Column(ValueText.Exact(index), lists.Select(list => list.ElementAtOrDefault(index)))).ToList();
        return new(columns, item =>
        {
            var values = ((IEnumerable)item).Cast<object?>().Take(width).ToList();
            return [.. values, .. Enumerable.Repeat((object?)"", width - values.Count)];
        });
    }

    private static RowShape DataRows(DataTable table) =>
        new(DataTables.Columns(table), item => ((DataRow)item).ItemArray.Take(ShownTable.MaximumColumns).ToArray());

    private static RowShape FrameColumns() => new(
        [new("name", "String", false), new("type", "Type", false), new("length", "Int64", true), new("nulls", "Int64", true)],
        item => item is DataFrameColumn column ? [column.Name, TypeName.Of(column.DataType), column.Length, column.NullCount] : []);

    private static RowShape? Members(Type type)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRefLike && !property.PropertyType.IsPointer)
            .Where(property => property.Name != "EqualityContract").DistinctBy(property => property.Name).Cast<MemberInfo>();
        var members = properties.Concat(type.GetFields(BindingFlags.Public | BindingFlags.Instance)).ToList();
        if (members.Count == 0)
            return null;
        var columns = members.Select(member => (member.Name, Type: MemberType(member)))
            .Select(member => new ShownColumn(member.Name, TypeName.Of(member.Type), ValueText.IsNumeric(member.Type))).ToList();
        return new(columns, item => members.Select(member => ReadMember(member, item)).ToArray());
    }

    private static Type MemberType(MemberInfo member) => member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;

    private static object? ReadMember(MemberInfo member, object item)
    {
        try
        {
            return member is PropertyInfo property ? property.GetValue(item) : ((FieldInfo)member).GetValue(item);
        }
        catch (Exception failure) when (FormatFailure.IsOfTheValue(failure))
        {
            return new CellFailure(FormatFailure.Describe(failure));
        }
    }

    /// <summary>The one type of all items; the declared one when they differ and it has members; null when nothing is common.</summary>
    public static Type? CommonType(IReadOnlyList<object> items, Type declared)
    {
        var types = items.Select(item => item.GetType()).Distinct().Take(2).ToList();
        return types.Count == 1 ? types[0] : types.Count == 0 || (declared != typeof(object) && !declared.IsAssignableTo(typeof(IEnumerable))) ? declared
            : types.Count == 2 && items.All(item => DictionaryValue(item.GetType()) is not null) ? items[0].GetType()
            : items.All(item => item is DataFrameColumn) ? typeof(DataFrameColumn)
            : items.All(item => item is IEnumerable and not string) ? typeof(IEnumerable) : null;
    }

    private static ShownColumn Column(string name, IEnumerable<object?> values)
    {
        var types = values.Where(value => value is not (null or DBNull or "")).Select(value => value!.GetType()).Distinct().Take(2).ToList(); // nulls are filtered out
        return types.Count == 1 ? new(name, TypeName.Of(types[0]), ValueText.IsNumeric(types[0])) : new(name, types.Count == 0 ? "" : "mixed", types.Count > 0 && types.TrueForAll(ValueText.IsNumeric));
    }
}

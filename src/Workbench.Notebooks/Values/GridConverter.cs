using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workbench.Notebooks.Values;

/// <summary>Arrays of several dimensions, such as <c>double[,]</c>, as their lengths and their elements row by row.</summary>
internal sealed class GridConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsArray && typeToConvert.GetArrayRank() > 1;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<,>).MakeGenericType(typeToConvert, typeToConvert.GetElementType()!))!; // an array has an element type, the converter a constructor

    private sealed record Grid<T>(int[] Lengths, T[] Values);

    private sealed class Converter<TArray, T> : JsonConverter<TArray> where TArray : class
    {
        public override TArray Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var grid = JsonSerializer.Deserialize<Grid<T>>(ref reader, options) ?? throw new JsonException("An array of several dimensions is null.");
            var array = Array.CreateInstance(typeof(T), grid.Lengths);
            var index = new int[grid.Lengths.Length];
            foreach (var value in grid.Values)
            {
                array.SetValue(value, index);
                for (int axis = index.Length - 1; axis >= 0 && ++index[axis] == grid.Lengths[axis]; axis--)
                    index[axis] = 0;
            }
            return (TArray)(object)array;
        }

        public override void Write(Utf8JsonWriter writer, TArray value, JsonSerializerOptions options)
        {
            var array = (Array)(object)value;
            JsonSerializer.Serialize(writer, new Grid<T>([.. Enumerable.Range(0, array.Rank).Select(array.GetLength)], [.. array.Cast<T>()]), options);
        }
    }
}

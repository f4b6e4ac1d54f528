namespace Workbench.Drift.Dialects;

/// <summary>After https://spark.apache.org/docs/latest/api/sql/; the bits of a double come from Java, for SQL has no function for them.</summary>
internal sealed class SparkText : DialectText
{
    public override string Identifier(string name) => $"`{name.Replace("`", "``")}`";
    public override string Double => "DOUBLE";
    public override string Text => "STRING";
    public override string Infinity => "double('Infinity')";
    public override string Bits(string value) => $"CAST(java_method('java.lang.Double', 'doubleToLongBits', {value}) AS BIGINT)";
    public override string Xor(string bits, long mask) => $"{bits} ^ {mask}";
    public override string ShiftRight(string bits, int places) => $"shiftright({bits}, {places})";
    public override string Sum(string integer) => $"sum(CAST({integer} AS DECIMAL(20, 0)))";
}

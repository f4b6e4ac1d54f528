namespace Workbench.Drift.Dialects;

internal sealed class DuckDbText : DialectText
{
    public override string Double => "DOUBLE";
    public override string Infinity => "'Infinity'::DOUBLE";
    public override string Bits(string value) => $"CAST(CAST({value} AS BIT) AS BIGINT)";
    public override string Xor(string bits, long mask) => $"xor({bits}, {mask})";
}

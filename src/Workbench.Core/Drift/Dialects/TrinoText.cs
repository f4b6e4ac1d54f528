namespace Workbench.Drift.Dialects;

/// <summary>After https://trino.io/docs/current/functions/bitwise.html and binary.html.</summary>
internal sealed class TrinoText : DialectText
{
    public override string Double => "DOUBLE";
    public override string Infinity => "infinity()";
    public override string Bits(string value) => $"from_big_endian_64(to_ieee754_64({value}))";
    public override string Xor(string bits, long mask) => $"bitwise_xor({bits}, {mask})";
    public override string And(string bits, long mask) => $"bitwise_and({bits}, {mask})";
    public override string ShiftRight(string bits, int places) => $"bitwise_right_shift_arithmetic({bits}, {places})";
    public override string Sum(string integer) => $"sum(CAST({integer} AS DECIMAL(38, 0)))";
}

namespace Workbench.Drift.Dialects;

internal sealed class PostgresText : DialectText
{
    public override string Double => "double precision";
    public override string Text => "text";
    public override string Infinity => "'Infinity'::float8";
    public override string Bits(string value) => $"('x' || encode(float8send({value}), 'hex'))::bit(64)::bigint";
    public override string Xor(string bits, long mask) => $"{bits} # {mask}";
    // The planner pulls subqueries up, but not over an OFFSET.
    public override string Once => " OFFSET 0";
}

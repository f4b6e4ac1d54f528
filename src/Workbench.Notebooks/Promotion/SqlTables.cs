using System.Text.RegularExpressions;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Promotion;

/// <summary>
/// Which SQL tables, views, macros and attached databases of a notebook were made or changed where. They live in one
/// kernel only, so what one step makes another cannot see.
/// </summary>
internal sealed partial class SqlTables
{
    private readonly Dictionary<string, (NotebookStep? Step, CompiledSegment Segment)> _made = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Visits a SQL part of <paramref name="step"/> (null for a cell of none): the table it uses that other cells than its
    /// own and the shared ones made or changed, or null.
    /// </summary>
    public (string Table, NotebookStep? Step, CompiledSegment Maker)? Visit(CompiledSegment segment, NotebookStep? step, bool isShared)
    {
        var sql = SqlSession.Code(segment.Segment.Source);
        if (!isShared)
            foreach (var name in Names(Made().Matches(sql)).Concat(Names(Changed().Matches(sql)).Where(_shared.Contains)))
                _made[name] = (step, segment);
        else
            _shared.UnionWith(Names(Made().Matches(sql)));
        if (step is null)
            return null;
        var used = SqlSession.Words(sql).Where(_made.ContainsKey).Select(word => (Table: word, Maker: _made[word])).FirstOrDefault(use => use.Maker.Step != step);
        return used.Table is null ? null : (used.Table, used.Maker.Step, used.Maker.Segment);
    }

    private readonly HashSet<string> _shared = new(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> Names(MatchCollection matches) => matches.Select(match => match.Groups["name"].Value.Trim('"'));

    [GeneratedRegex("""\b(?:CREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:PERSISTENT|TEMP|TEMPORARY|RECURSIVE)\s+)*(?:TABLE|VIEW|MACRO|FUNCTION|SEQUENCE|TYPE|SCHEMA)\s+(?:IF\s+NOT\s+EXISTS\s+)?|ATTACH\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:DATABASE\s+)?\s*AS\s+)(?:\w+\.)?(?<name>"[^"]+"|\w+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Made();

    [GeneratedRegex("""\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|ALTER\s+TABLE|DROP\s+(?:TABLE|VIEW)(?:\s+IF\s+EXISTS)?|COPY)\s+(?:\w+\.)?(?<name>"[^"]+"|\w+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Changed();
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workbench.Notebooks.Protocol;

namespace Workbench.Notebooks.Kernel;

/// <summary>Cells that ran in this session, for history requests of type tail, range and search.</summary>
internal sealed class ExecutionHistory
{
    private readonly List<(int Number, string Code)> _cells = [];

    public void Add(int number, string code) => _cells.Add((number, code));

    public JsonArray Answer(JupyterMessage request)
    {
        int count = request.Number("n", 10);
        var chosen = request.Text("hist_access_type") switch
        {
            "range" => _cells.Where(cell => cell.Number >= request.Number("start", 0) && cell.Number < request.Number("stop", int.MaxValue)),
            "search" => Search(request).TakeLast(count),
            _ => _cells.TakeLast(count),
        };
        bool withOutput = request.Flag("output", otherwise: false);
        return new(chosen.Select(cell => (JsonNode?)new JsonArray(0, cell.Number, withOutput ? new JsonArray(cell.Code, null) : JsonValue.Create(cell.Code))).ToArray());
    }

    private IEnumerable<(int Number, string Code)> Search(JupyterMessage request)
    {
        var glob = Regex.Escape(request.Text("pattern") ?? "*").Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal);
        var found = _cells.Where(cell => Regex.IsMatch(cell.Code, $"^{glob}$", RegexOptions.Singleline));
        return request.Flag("unique", otherwise: false) ? found.GroupBy(cell => cell.Code).Select(group => group.Last()) : found;
    }
}

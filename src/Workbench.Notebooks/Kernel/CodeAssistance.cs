using System.Text.Json.Nodes;
using Workbench.Notebooks.Kernel.Languages;
using Workbench.Notebooks.Protocol;

namespace Workbench.Notebooks.Kernel;

/// <summary>Answers requests for completion, hover and completeness, each from the language at the cursor.</summary>
internal sealed class CodeAssistance(CellEngine engine)
{
    // A notebook's first cell often comes at once, and should have the cores for itself.
    private static readonly TimeSpan FirstCell = TimeSpan.FromSeconds(1);

    /// <summary>Prepares the C# services in the background: their first answer takes seconds.</summary>
    /// <param name="isBusy">Whether the kernel has something else to do.</param>
    public void WarmUp(Func<bool> isBusy) => _ = Task.Run(async () =>
    {
        await Task.Delay(FirstCell);
        await engine.CSharp.WarmUpAsync(isBusy, CancellationToken.None);
    });

    public async Task<JsonObject> CompleteAsync(JupyterMessage request, CancellationToken cancellationToken)
    {
        var (code, position) = Cursor(request);
        var (language, text) = CellParser.At(code, position, engine.Names);
        var found = language is null ? CompleteMagic(code, position)
            : engine.Find(language) is ICodeAssistant assistant ? await assistant.CompleteAsync(text, position, cancellationToken)
            : CompletionList.Empty(position);
        int start = CodePoints.FromUtf16(code, found.Start), end = CodePoints.FromUtf16(code, found.End);
        return new()
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray(found.Items.Select(item => (JsonNode?)item.Text).ToArray()),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray(found.Items.Select(item => (JsonNode?)new JsonObject
                {
                    ["text"] = item.Text,
                    ["type"] = item.Kind,
                    ["start"] = start,
                    ["end"] = end,
                }).ToArray()),
            },
        };
    }

    public async Task<JsonObject> InspectAsync(JupyterMessage request, CancellationToken cancellationToken)
    {
        var (code, position) = Cursor(request);
        var (language, text) = CellParser.At(code, position, engine.Names);
        var data = language is null ? DescribeMagic(code, position)
            : engine.Find(language) is ICodeAssistant assistant ? await assistant.InspectAsync(text, position, cancellationToken) : null;
        return new() { ["status"] = "ok", ["found"] = data is not null, ["data"] = data ?? [], ["metadata"] = new JsonObject() };
    }

    public JsonObject IsComplete(string code)
    {
        var (language, text) = CellParser.At(code, code.Length, engine.Names);
        var status = language is not null && engine.Find(language) is ICodeAssistant assistant ? assistant.Completeness(text) : "complete";
        return status == "incomplete" ? new() { ["status"] = status, ["indent"] = "    " } : new() { ["status"] = status };
    }

    private static (string Code, int Position) Cursor(JupyterMessage request)
    {
        var code = request.Text("code") ?? "";
        return (code, CodePoints.ToUtf16(code, request.Number("cursor_pos", code.Length)));
    }

    // Names of magics, and behind a magic its options.
    private CompletionList CompleteMagic(string code, int position)
    {
        int line = code.LastIndexOf('\n', Math.Max(0, position - 1)) + 1;
        int start = code.LastIndexOf(' ', Math.Max(0, position - 1)) + 1;
        var typed = code[Math.Max(start, line)..position];
        if (start <= line)
            return new(line, position, [.. engine.Names.All.Order(StringComparer.Ordinal).Select(name => "#!" + name).Where(name => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).Select(name => (name, "magic"))]);
        var options = OptionsOf(MagicOptions.Parse(code[line..position]).Magic);
        return new(start, position, [.. options.Select(option => "--" + option).Where(option => option.StartsWith(typed, StringComparison.Ordinal)).Select(option => (option, "option"))]);
    }

    private IReadOnlyList<string> OptionsOf(string magic) => engine.Names.Language(magic) is { } language
        ? engine.Find(language).Options
        : engine.Magics.FirstOrDefault(one => one.Name.Equals(magic, StringComparison.OrdinalIgnoreCase))?.Options ?? [];

    private JsonObject? DescribeMagic(string code, int position)
    {
        int line = code.LastIndexOf('\n', Math.Max(0, position - 1)) + 1;
        var magic = MagicOptions.Parse(code[line..].Split('\n')[0]).Magic;
        var known = engine.Magics.FirstOrDefault(one => one.Name.Equals(magic, StringComparison.OrdinalIgnoreCase));
        return known is null ? null : new() { ["text/plain"] = $"#!{known.Name}: {known.Summary}" };
    }
}

using System.Text.Json.Nodes;
using Workbench.Notebooks.Protocol;

namespace Workbench.Notebooks.Kernel;

/// <summary>How the kernel presents itself.</summary>
internal static class KernelDescription
{
    public static string Version { get; } = typeof(KernelDescription).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public const string CSharpVersion = "14.0";

    public static JsonObject Reply() => new()
    {
        ["status"] = "ok",
        ["protocol_version"] = MessageCodec.ProtocolVersion,
        ["implementation"] = "workbench",
        ["implementation_version"] = Version,
        ["language_info"] = new JsonObject
        {
            ["name"] = "C#",
            ["version"] = CSharpVersion,
            ["mimetype"] = "text/x-csharp",
            ["file_extension"] = ".cs",
            ["pygments_lexer"] = "csharp",
            ["codemirror_mode"] = "text/x-csharp",
            ["nbconvert_exporter"] = "script",
        },
        ["banner"] = $"Workbench {Version} (C#) on .NET {Environment.Version}",
        ["help_links"] = new JsonArray(),
        ["debugger"] = false,
        ["supported_features"] = new JsonArray(),
    };
}

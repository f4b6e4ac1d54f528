using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Workbench.Architecture.Tests;

/// <summary>The house's rules as functions from what is there to what is wrong. An empty result keeps the rule.</summary>
internal static partial class Rules
{
    /// <summary>Areas of Core; an area uses only those before it.</summary>
    public static readonly IReadOnlyList<string> CoreAreas =
        ["Data", "Features", "Charts", "Drift", "Evaluation", "Tensors", "Distributed", "Training", "LanguageModels", "Registry", "Monitoring", "Reports"];

    public static readonly IReadOnlyDictionary<string, string[]> ProjectReferences = new Dictionary<string, string[]>
    {
        ["Workbench.Core"] = [],
        ["Workbench.Notebooks"] = ["Workbench.Core"],
        ["Workbench.Serving"] = ["Workbench.Core"],
        ["Workbench.Workflows"] = [],
        ["Workbench.Host"] = ["Workbench.Core", "Workbench.Notebooks", "Workbench.Serving", "Workbench.Workflows"],
    };

    public static readonly IReadOnlyDictionary<string, string[]> Packages = new Dictionary<string, string[]>
    {
        ["Workbench.Core"] =
        [
            "Dapper", "dbup-core", "dbup-postgresql", "dbup-sqlite", "DuckDB.NET.Data.Full", "Fable.Core", "MathNet.Numerics", "Microsoft.Data.Analysis", "Microsoft.Data.Sqlite",
            "Microsoft.ML", "Microsoft.ML.FastTree", "Microsoft.ML.LightGbm",
            "Npgsql", "Plotly.NET", "System.Numerics.Tensors", "YamlDotNet", "TorchSharp", "TorchSharp-cuda-linux", "TorchSharp-cuda-windows",
            "libtorch-cpu-linux-x64", "libtorch-cpu-win-x64", "libtorch-cpu-osx-arm64",
        ],
        ["Workbench.Notebooks"] =
            [
                "FSharp.Compiler.Service", "Markdig", "Microsoft.CodeAnalysis.CSharp.Features", "Microsoft.CodeAnalysis.CSharp.Scripting",
                "Microsoft.DotNet.Interactive.Formatting", "NetMQ", "TorchSharp", "YamlDotNet",
            ],
        ["Workbench.Serving"] = ["Google.Protobuf", "Grpc.Tools", "Microsoft.ML.OnnxRuntime", "Microsoft.ML.OnnxRuntime.Gpu", "TorchSharp"],
        ["Workbench.Workflows"] = ["Cronos", "Dapper", "dbup-core", "dbup-postgresql", "dbup-sqlite", "Jint", "Microsoft.Data.Sqlite", "Npgsql"],
        ["Workbench.Host"] = ["MudBlazor", "prometheus-net.AspNetCore", "Quartz", "Spectre.Console", "System.CommandLine"],
    };

    public static IEnumerable<string> ForbiddenReferences(string project, XDocument file, string element, IReadOnlyDictionary<string, string[]> allowed)
    {
        if (!allowed.TryGetValue(project, out var names))
            return [$"{project} is not in the map of the house: decide what it may use."];
        return file.Descendants(element)
            .Select(reference => (string)reference.Attribute("Include")!)
            .Select(include => element == "ProjectReference" ? Path.GetFileNameWithoutExtension(include.Replace('\\', '/')) : include)
            .Where(name => !names.Contains(name))
            .Select(name => $"{project} references {name}; allowed: {string.Join(", ", names)}.");
    }

    public static IEnumerable<string> AreasAgainstTheDirection(IEnumerable<Dependency> dependencies) =>
        from dependency in dependencies
        let user = Area(dependency.From)
        let used = Area(dependency.To)
        where user >= 0 && used > user
        select $"{dependency.From} ({CoreAreas[user]}) uses {dependency.To} ({CoreAreas[used]}), which lies below it.";

    /// <summary>Namespaces that can reach themselves through others; a namespace and its own children do not count.</summary>
    public static IEnumerable<string> Cycles(IEnumerable<Dependency> dependencies)
    {
        var edges = dependencies.Select(dependency => (From: Namespace(dependency.From), To: Namespace(dependency.To)))
            .Where(edge => edge.From != edge.To && !edge.From.StartsWith(edge.To + ".") && !edge.To.StartsWith(edge.From + "."))
            .Distinct().ToLookup(edge => edge.From, edge => edge.To);
        return from start in edges.Select(edge => edge.Key).Order()
               from next in edges[start]
               where string.CompareOrdinal(start, next) < 0 && Reaches(next, start, edges)
               select $"{start} -> {next} -> ... -> {start}";
    }

    private static bool Reaches(string from, string goal, ILookup<string, string> edges)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([from]);
        while (open.TryPop(out var node))
        {
            if (node == goal)
                return true;
            if (seen.Add(node))
                foreach (var next in edges[node])
                    open.Push(next);
        }
        return false;
    }

    /// <summary>Public async methods take a cancellation token, as their last parameter.</summary>
    public static IEnumerable<string> AsyncWithoutToken(Assembly assembly) =>
        from type in assembly.GetExportedTypes()
        where !typeof(Delegate).IsAssignableFrom(type)
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where IsTask(method.ReturnType) && !IsDictatedFromOutside(method)
        let parameters = method.GetParameters()
        where parameters.Length == 0 || parameters[^1].ParameterType != typeof(CancellationToken)
        select $"{type.FullName}.{method.Name} returns {method.ReturnType.Name} and does not end in a CancellationToken.";

    /// <summary>Relative links of a Markdown text that lead nowhere; <paramref name="exists"/> is asked for the path behind each.</summary>
    public static IEnumerable<string> BrokenLinks(string markdown, Func<string, bool> exists) =>
        from Match match in MarkdownLink().Matches(CodeBlock().Replace(markdown, ""))
        let target = match.Groups["target"].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains("://") && !target.StartsWith("mailto:") && !exists(Uri.UnescapeDataString(target))
        select $"[{match.Groups["text"].Value}]({match.Groups["target"].Value}) leads nowhere.";

    private static bool IsTask(Type type) =>
        type == typeof(Task) || type == typeof(ValueTask) ||
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>));

    // DisposeAsync, and methods whose shape a framework's interface or base class sets.
    private static bool IsDictatedFromOutside(MethodInfo method) =>
        method.Name == nameof(IAsyncDisposable.DisposeAsync) ||
        method.GetBaseDefinition().DeclaringType!.Assembly.GetName().Name!.StartsWith("Workbench", StringComparison.OrdinalIgnoreCase) is false;

    private static int Area(string type) =>
        CoreAreas.ToList().FindIndex(area => type.StartsWith($"Workbench.{area}.", StringComparison.Ordinal));

    private static string Namespace(string type) => type.Split('+', '/')[0] is var outer && outer.LastIndexOf('.') is var dot and > 0 ? outer[..dot] : outer;

    [GeneratedRegex(@"!?\[(?<text>[^\]]*)\]\((?<target>[^)\s]+)\)")]
    private static partial Regex MarkdownLink();

    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}

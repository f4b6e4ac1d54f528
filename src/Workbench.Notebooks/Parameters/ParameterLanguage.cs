using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Parameters;

/// <summary>How a language declares parameters and takes new values for them.</summary>
internal abstract class ParameterLanguage
{
    private static readonly ParameterLanguage CSharp = new CSharpParameters();
    private static readonly ParameterLanguage FSharp = new FSharpParameters();
    private static readonly ParameterLanguage Python = new PythonParameters();

    /// <summary>First characters of a comment line.</summary>
    public abstract string Comment { get; }

    /// <summary>Why no parameter can be given, or null when they can.</summary>
    public virtual string? Refusal => null;

    /// <summary>The language of a kernel; one without rules of its own refuses parameters by its name.</summary>
    public static ParameterLanguage Of(string language, string kernelName) => language.ToLowerInvariant() switch
    {
        "python" => Python,
        "c#" or "csharp" => CSharp,
        "f#" or "fsharp" => FSharp,
        _ => new UnknownParameters(language.Length > 0 ? language : kernelName),
    };

    /// <summary>The language in which a notebook for .NET declares its parameters: that of the cell, else the notebook's.</summary>
    public static ParameterLanguage OfDotNet(NotebookDocument document)
    {
        var cell = document.Cells.FirstOrDefault(candidate => candidate.Type == CellType.Code && candidate.HasTag(CellTags.Parameters));
        var named = cell is null ? null : LanguageLine(cell.Source)?[2..].Trim() ?? CellLanguage(cell);
        var language = (named ?? DefaultKernel(document) ?? document.Metadata["kernelspec"]?["language"]?.ToString() ?? document.Language).ToLowerInvariant();
        return language is "f#" or "fsharp" or ".net-fsharp" ? FSharp : CSharp;
    }

    /// <summary>The language that the notebook itself names.</summary>
    public static ParameterLanguage Of(NotebookDocument document) =>
        document.Language is "c#" or "csharp" or "f#" or "fsharp" or "polyglot-notebook" ? OfDotNet(document) : Of(document.Language, document.KernelName ?? "");

    /// <summary>What <paramref name="source"/> declares, in order; <paramref name="earlier"/> are the code cells before it.</summary>
    public abstract IEnumerable<NotebookParameter> Read(string source, IReadOnlyList<string> earlier);

    /// <summary>A line that gives the parameter its new value.</summary>
    /// <exception cref="FormatException">The value does not fit the parameter's type.</exception>
    public abstract string Assign(NotebookParameter parameter, JsonNode? value);

    /// <summary>The value of a text that was typed on a command line.</summary>
    public abstract JsonNode? FromText(NotebookParameter parameter, string text);

    /// <summary>The line <c>#!language</c> at the beginning of a cell, or null.</summary>
    public static string? LanguageLine(string source) => source.StartsWith("#!", StringComparison.Ordinal) ? source.Split('\n')[0] : null;

    protected static string WithoutLanguageLine(string source) => LanguageLine(source) is { } line ? source[line.Length..] : source;

    private static string? CellLanguage(NotebookCell cell) =>
        ((cell.Metadata["polyglot_notebook"] as JsonObject)?["kernelName"] ?? (cell.Metadata["dotnet_interactive"] as JsonObject)?["language"])?.ToString();

    private static string? DefaultKernel(NotebookDocument document) =>
        (((document.Metadata["polyglot_notebook"] as JsonObject)?["kernelInfo"] as JsonObject)?["defaultKernelName"])?.ToString();

    private sealed class UnknownParameters(string name) : ParameterLanguage
    {
        public override string Comment => "#";

        public override IEnumerable<NotebookParameter> Read(string source, IReadOnlyList<string> earlier) => [];

        public override string Assign(NotebookParameter parameter, JsonNode? value) => throw new FormatException(Refusal);

        public override JsonNode? FromText(NotebookParameter parameter, string text) => throw new FormatException(Refusal);

        public override string Refusal => $"Parameters can be given to notebooks in C#, F# and Python, and this one is in {name}.";
    }
}

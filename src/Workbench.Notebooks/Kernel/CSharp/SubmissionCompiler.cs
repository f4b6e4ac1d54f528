using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Workbench.Notebooks.Kernel.CSharp;

/// <summary>
/// Makes an assembly of a submission. Roslyn's own script runner binds each submission twice, once for its diagnostics and
/// once to emit it, and gives each a load context; here it is bound once.
/// </summary>
internal static class SubmissionCompiler
{
    private static readonly EmitOptions EmitOptions = new(debugInformationFormat: DebugInformationFormat.PortablePdb);
    private static readonly string Prefix = "\u211B*" + Guid.NewGuid().ToString("N"); // no assembly of anyone else's has such a name
    private static int _count;

    /// <summary>What a first submission and those after it are compiled with.</summary>
    private static CSharpCompilationOptions Options { get; } = new(
        OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Debug, // with optimisation the lines of a traceback drift
        allowUnsafe: true,
        nullableContextOptions: NullableContextOptions.Annotations, // "string?" is understood and nothing is warned about
        concurrentBuild: false, // a cell is too small to share out
        metadataReferenceResolver: ScriptEnvironment.ReferenceResolver,
        sourceReferenceResolver: ScriptEnvironment.SourceResolver,
        assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default);

    /// <summary>A submission without source whose references are bound already: about a quarter of what a small cell takes, done before it comes.</summary>
    /// <param name="references">Assemblies that the submissions before it do not reference; later submissions inherit them and the imports.</param>
    /// <param name="previous">The submission before it, or null for the first.</param>
    public static CSharpCompilation Prepare(IEnumerable<MetadataReference> references, CSharpCompilation? previous)
    {
        int number = Interlocked.Increment(ref _count);
        var options = Options.WithScriptClassName($"Submission#{number}").WithUsings(previous is null ? ScriptEnvironment.Imports : []);
        var submission = CSharpCompilation.CreateScriptCompilation($"{Prefix}#{number}", null, references, options, previous, typeof(object));
        submission.GetSpecialType(SpecialType.System_Object);
        return submission;
    }

    /// <summary>Gives a prepared submission its source.</summary>
    /// <param name="prepared">What <see cref="Prepare"/> returned; its name is taken once it is built.</param>
    /// <param name="source">C# script source.</param>
    /// <param name="cellName">Name of the cell in tracebacks.</param>
    public static CSharpCompilation Take(CSharpCompilation prepared, string source, string cellName) =>
        prepared.AddSyntaxTrees(CSharpSyntaxTree.ParseText(SourceText.From(source, System.Text.Encoding.UTF8), ScriptEnvironment.ParseOptions, cellName));

    /// <summary>Compiles a submission and loads it.</summary>
    /// <returns>The method that runs it on the states of the submissions before it, and the compiler's findings, errors among them where it did not compile.</returns>
    public static (Func<object?[], Task<object?>> Run, IReadOnlyList<Diagnostic> Findings) Build(CSharpCompilation submission, SubmissionAssemblies assemblies, CancellationToken cancellationToken)
    {
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = Emit(submission, image, symbols, cancellationToken);
        assemblies.Expect(submission.References); // also those of a cell that is nothing but #r
        if (!result.Success) // also where there is nothing to emit, as in a cell of using directives
            return (static _ => Task.FromResult<object?>(null), result.Diagnostics);
        var entry = submission.GetEntryPoint(cancellationToken) ?? throw new InvalidOperationException("The compiler made a submission without an entry point.");
        (image.Position, symbols.Position) = (0, 0);
        var type = assemblies.LoadFromStream(image, symbols).GetType(entry.ContainingType.MetadataName, throwOnError: true)!;
        var method = type.GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        return (method.CreateDelegate<Func<object?[], Task<object?>>>(), result.Diagnostics);
    }

    /// <summary>Compiles a submission without loading it.</summary>
    public static EmitResult Emit(CSharpCompilation submission, Stream image, Stream symbols, CancellationToken cancellationToken) =>
        submission.Emit(image, symbols, options: EmitOptions, cancellationToken: cancellationToken);
}

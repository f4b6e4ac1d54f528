using System.Reflection;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Workbench.Architecture.Tests;

/// <summary>Every rule of the house fails on a violation planted for it, so that none passes because it sees nothing.</summary>
public sealed class PlantedViolationTests
{
    [Fact]
    public void ForbiddenReferences_PlantedProjectReference_IsFound() =>
        Assert.Single(Rules.ForbiddenReferences("Workbench.Workflows",
            XDocument.Parse("""<Project><ItemGroup><ProjectReference Include="../Workbench.Core/Workbench.Core.csproj" /></ItemGroup></Project>"""),
            "ProjectReference", Rules.ProjectReferences));

    [Fact]
    public void ForbiddenReferences_PlantedPackage_IsFound() =>
        Assert.Single(Rules.ForbiddenReferences("Workbench.Core",
            XDocument.Parse("""<Project><ItemGroup><PackageReference Include="Microsoft.ML.OnnxRuntime" /></ItemGroup></Project>"""),
            "PackageReference", Rules.Packages));

    [Fact]
    public void ForbiddenReferences_ProjectNotOnTheMap_IsFound() =>
        Assert.Single(Rules.ForbiddenReferences("Workbench.Common", new XDocument(new XElement("Project")), "PackageReference", Rules.Packages));

    [Fact]
    public void AreasAgainstTheDirection_PlantedUseInAMethodBody_IsFound()
    {
        var planted = Compile("""
            namespace Workbench.Registry { public static class Store { public static int Count() => 1; } }
            namespace Workbench.Data { public static class Reader { public static object Read() { int n = Workbench.Registry.Store.Count(); return n; } } }
            """);
        Assert.Contains(Rules.AreasAgainstTheDirection(Dependencies.Of(planted)), finding => finding.Contains("Workbench.Data.Reader"));
    }

    [Fact]
    public void Cycles_PlantedThroughThreeNamespaces_IsFound()
    {
        var planted = Compile("""
            namespace Workbench.Serving.A { public class X { public Workbench.Serving.B.Y? Next; } }
            namespace Workbench.Serving.B { public class Y { public Workbench.Serving.C.Z? Next; } }
            namespace Workbench.Serving.C { public class Z { public Workbench.Serving.A.X? Next; } }
            """);
        Assert.NotEmpty(Rules.Cycles(Dependencies.Of(planted)));
    }

    [Theory]
    [InlineData("public System.Threading.Tasks.Task RunAsync() => System.Threading.Tasks.Task.CompletedTask;")]
    [InlineData("public System.Threading.Tasks.ValueTask<int> RunAsync(System.Threading.CancellationToken token, int count) => new(count);")]
    public void AsyncWithoutToken_PlantedMethod_IsFound(string method) =>
        Assert.Single(Rules.AsyncWithoutToken(Compile($"namespace Workbench.Planted {{ public class Job {{ {method} }} }}")));

    [Theory]
    [InlineData("x + y")]                                        // passes a factor 1
    [InlineData("x * 0.5")]
    [InlineData("x.add(y).mul(2)")]
    [InlineData("x.square()")]
    [InlineData("torch.nn.functional.softplus(x)")]
    [InlineData("x.ToDouble() > 0 ? x : y")]
    [InlineData("new System.Func<torch.Tensor>(() => x.clamp(min: 0)).Invoke()")]
    [InlineData("torch.nn.BatchNorm1d(3).call(x)")]              // counts its batches
    public void ShortLivedNumbers_PlantedExpression_IsFound(string expression) =>
        Assert.NotEmpty(TorchNumbers.Rule.ShortLivedIn(Compile(WithTensors("Workbench.Planted", expression)).Location));

    [Theory]
    [InlineData("Workbench.Planted", "x * y - x / y", 0)]        // tensors alone
    [InlineData("Workbench.Tensors", "x.mul((Scalar)2)", 0)]     // where numbers are kept
    [InlineData("Workbench.Tensors", "x + y", 1)]                // and where this is no better than elsewhere
    [InlineData("Workbench.Planted", "torch.nn.LayerNorm(3).call(x)", 0)]
    public void ShortLivedNumbers_PlantedExpression_IsFoundSoOften(string where, string expression, int findings) =>
        Assert.Equal(findings, TorchNumbers.Rule.ShortLivedIn(Compile(WithTensors(where, expression)).Location).Count());

    private static string WithTensors(string where, string expression) =>
        $"using TorchSharp; namespace {where} {{ public static class Net {{ public static torch.Tensor Forward(torch.Tensor x, torch.Tensor y) => {expression}; }} }}";

    [Fact]
    public void BrokenLinks_PlantedLink_IsFoundAndCodeIsNot() =>
        Assert.Single(Rules.BrokenLinks("[map](docs/nowhere.md) [ok](README.md#top) [web](https://example.org) `[x](y)`", target => target == "README.md"));

    // The runtime always says which assemblies it runs with.
    private static readonly Lazy<IReadOnlyList<MetadataReference>> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is "TorchSharp.dll" || Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))]);

    // Loaded from a file because the rules read assemblies from disk.
    private static Assembly Compile(string source)
    {
        var name = $"Workbench.Planted{Guid.NewGuid():N}";
        var path = Path.Combine(Directory.CreateTempSubdirectory("planted-").FullName, name + ".dll");
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source)],
            References.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var result = compilation.Emit(path);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return Assembly.LoadFrom(path);
    }
}

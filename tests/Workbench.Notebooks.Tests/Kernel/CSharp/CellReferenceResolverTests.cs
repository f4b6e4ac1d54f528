using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Workbench.Notebooks.Kernel.CSharp;

namespace Workbench.Notebooks.Tests.Kernel.CSharp;

public sealed class CellReferenceResolverTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_TrivialCell_DoesNotBindTheCompilers()
    {
        var session = new CSharpSession();

        session.Run("1 + 1", "Cell[1]", TestContext.Current.CancellationToken);

        // Workbench.Notebooks, one of them, mentions the compilers and F#: hundreds of megabytes when they are read too.
        var bound = session.BoundAssemblies.ToList();
        Assert.DoesNotContain("Microsoft.CodeAnalysis", bound);
        Assert.DoesNotContain("FSharp.Compiler.Service", bound);
    }

    [Fact]
    public void Run_AssemblyNeedsItsNeighbour_FindsIt()
    {
        var lower = Compile("Lower", "namespace Lower; public class Animal { public virtual string Sound => \"none\"; }");
        var upper = Compile("Upper", "namespace Upper; public class Dog : Lower.Animal { public override string Sound => \"woof\"; }", lower);
        var session = new CSharpSession();

        var sound = session.Run($"#r \"{upper}\"\nnew Upper.Dog().Sound", "Cell[1]", TestContext.Current.CancellationToken);

        Assert.Equal("woof", sound);
    }

    [Fact]
    public void Run_ReferenceInACellOfItsOwn_LaterCellsUseIt()
    {
        var lower = Compile("Alone", "namespace Alone; public class Animal { public string Sound => \"moo\"; }");
        var session = new CSharpSession();
        session.Run("1 + 1", "Cell[1]", TestContext.Current.CancellationToken);
        session.Run($"#r \"{lower}\"", "Cell[2]", TestContext.Current.CancellationToken);

        Assert.Equal("moo", session.Run("new Alone.Animal().Sound", "Cell[3]", TestContext.Current.CancellationToken));
    }

    // A need that is found only in the second cell would make another Workbench.Core of it.
    [Theory]
    [InlineData("var session = Workbench.Data.DuckSession.Open();", "session.Connection.GetType().Name", "DuckDBConnection")]
    [InlineData("using DuckDB.NET.Data; var options = new Workbench.Drift.DriftOptions(); DuckDBConnection? none = null;", "string Name(Workbench.Drift.DriftOptions? one) => one!.GetType().Name; Name(options)", "DriftOptions")]
    public void Run_LaterCell_TypesStayTheSame(string first, string second, string expected)
    {
        var session = new CSharpSession();
        session.Run("1 + 1", "Warmup", TestContext.Current.CancellationToken);
        session.Run(first, "Cell[1]", TestContext.Current.CancellationToken);

        Assert.Equal(expected, session.Run(second, "Cell[2]", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Run_TypeOfAnAssemblyThatIsNotUsual_IsFound()
    {
        var session = new CSharpSession();

        var root = session.Run("System.Xml.Linq.XElement.Parse(\"<a><b/></a>\").Elements().Count()", "Cell[1]", TestContext.Current.CancellationToken);

        Assert.Equal(1, root);
        Assert.Contains("System.Private.Xml.Linq", session.BoundAssemblies);
    }

    private string Compile(string name, string source, params string[] references)
    {
        var path = Path.Combine(_folder, name + ".dll");
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source)],
            [.. ScriptReferences.Usual, .. references.Select(reference => MetadataReference.CreateFromFile(reference))], new(OutputKind.DynamicallyLinkedLibrary));
        Assert.True(compilation.Emit(path).Success);
        return path;
    }
}

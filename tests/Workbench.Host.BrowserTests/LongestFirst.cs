using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Workbench.Host.BrowserTests.LongestFirst))]

namespace Workbench.Host.BrowserTests;

/// <summary>The designer's tests take as long as all others together: begun last, they would go on alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => !collection.TestCollectionDisplayName.Contains(nameof(StudioTests), StringComparison.Ordinal))];
}

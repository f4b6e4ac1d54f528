using System.Diagnostics;
using Workbench.Core.Tests.Training.Loop;
using Workbench.Tensors;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.Tensors;

/// <summary>
/// Arithmetic beside a thread that does nothing but collect garbage. It runs alone: others' tensors, whose numbers TorchSharp's
/// operators do not keep, would fail beside it.
/// </summary>
[Collection(GeneratorCollection.Name)]
public sealed class TensorCollectionTests
{
    [Fact]
    public void Arithmetic_WhileGarbageIsCollected_KeepsItsNumbers()
    {
        TorchRuntime.EnsureAvailable();
        using var threads = new TorchThreads(1);
        Step(8, 0.4);   // until all of it is compiled for good: unoptimized code keeps its arguments
        int collections = Collecting(() => Step(1 << 14, 1.5));
        Assert.True(collections > 0);
    }

    // Of two types, so that libtorch converts all elements before it reads the number: time enough for a collection, which
    // otherwise falls between the two once in thousands. TorchSharp's operators in these places fail within half a second.
    private static void Step(long elements, double seconds)
    {
        using var x = ones(elements);
        using var y = ones(elements, ScalarType.Float64);
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < 20_000 && watch.Elapsed.TotalSeconds < seconds; i++)
        {
            using var scope = NewDisposeScope();
            x.copy_(y);
            Assert.Equal(5, x.AddInPlace(y).AddInPlace(y, 3)[-1].ToNumber());
            Assert.Equal(5.5, x.AddProductInPlace(y, y, 0.5)[-1].ToNumber());
            Assert.Equal(5, x.AddQuotientInPlace(y, y, -0.5)[-1].ToNumber());
            Assert.Equal(6, x.Plus(y)[-1].ToNumber());
        }
    }

    private static int Collecting(Action action)
    {
        int count = 0;
        using var stop = new CancellationTokenSource();
        var thread = new Thread(() =>
        {
            for (; !stop.IsCancellationRequested; count++)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        thread.Start();
        try
        {
            action();
        }
        finally
        {
            stop.Cancel();
            thread.Join();
        }
        return count;
    }
}

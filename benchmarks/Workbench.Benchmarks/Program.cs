using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Workbench.Benchmarks;

if (args is ["training", ..])
{
    TrainingThroughput.Run(args);
    return 0;
}

if (args is ["distributed", "allreduce", ..])
{
    AllReduceBandwidth.Run(args);
    return 0;
}

if (args is ["distributed", ..])
{
    DistributedThroughput.Run(args);
    return 0;
}

if (args is ["drift", ..])
    return DriftThroughput.Run(args);

// In this process: a build of its own would copy half a gigabyte of native libraries for each benchmark.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(new InProcessEmitToolchain(TimeSpan.FromMinutes(10), logOutput: false)));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
return 0;

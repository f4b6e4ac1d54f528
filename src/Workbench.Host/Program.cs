using Workbench.Host.Cli;

return await CommandLine.RunAsync(args);

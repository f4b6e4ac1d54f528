using Workbench.Notebooks.Kernel;

return await KernelProcess.RunAsync(args[0]);

namespace Workbench.Notebooks.Kernel.Packages;

/// <summary>A package cannot be had: says which, why, and what to do.</summary>
internal sealed class PackageException(string message) : Exception(message);

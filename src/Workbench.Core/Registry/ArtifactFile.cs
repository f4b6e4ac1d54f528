namespace Workbench.Registry;

/// <summary>One file of a model version or of a stored folder.</summary>
/// <param name="Path">Relative path with forward slashes, such as <c>model/model.onnx</c>.</param>
/// <param name="ArtifactId">Address of its bytes in the <see cref="ArtifactStore"/>.</param>
/// <param name="SizeBytes">Length in bytes.</param>
public sealed record ArtifactFile(string Path, ArtifactId ArtifactId, long SizeBytes);

namespace Workbench.Workflows.Storage;

/// <summary>Lines of an attempt's output; the position of the first character counts from the attempt's first.</summary>
internal sealed record LogChunk(long Position, string Content)
{
    public long End => Position + Content.Length;
}

using System.Globalization;
using System.Text;

namespace Workbench.Host.Prediction;

/// <summary>
/// A part is one worker's while it holds the part's file open and locked. The system frees the lock when the process dies,
/// however it dies; the file says how many workers of one call began with the part.
/// </summary>
internal sealed class PartClaim : IDisposable
{
    private readonly FileStream _file;

    private PartClaim(FileStream file, int attempt) => (_file, Attempt) = (file, attempt);

    /// <summary>How often workers of this call have begun with the part, this time counted.</summary>
    public int Attempt { get; }

    /// <summary>Claims the part, or null when another has it.</summary>
    public static PartClaim? Try(string path, string call)
    {
        FileStream file;
        try
        {
            file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (DirectoryNotFoundException) // another call has finished and tidied up
        {
            return null;
        }
        catch (IOException)
        {
            return null;
        }
        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        var words = reader.ReadToEnd().Split(' ');
        int attempt = words is [var before, var count, ..] && before == call && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number + 1 : 1;
        file.SetLength(0);
        file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{call} {attempt} {Environment.MachineName} {Environment.ProcessId}")));
        file.Flush();
        return new(file, attempt);
    }

    public void Dispose() => _file.Dispose();
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Workbench.Host.Cli;

/// <summary>This process's command line as other users see it.</summary>
internal static class ProcessArguments
{
    // Of /proc/PID/stat, counted from the state, which is the third of the fields in proc(5): arg_start is 48, arg_end 49.
    private const int Start = 45, End = 46;

    /// <summary>Overwrites an argument in the memory that <c>ps</c> reads; false where the system gives no way (other than Linux), or it is not there.</summary>
    public static bool Wipe(string argument)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var (start, end) = (long.Parse(fields[Start], CultureInfo.InvariantCulture), long.Parse(fields[End], CultureInfo.InvariantCulture));
        if (start == 0 || end <= start)
            return false;
        var line = new byte[end - start];
        Marshal.Copy((nint)start, line, 0, line.Length);
        var secret = Encoding.UTF8.GetBytes(argument);
        var at = line.AsSpan().IndexOf(secret);
        for (var offset = 0; at >= 0 && offset < secret.Length; offset++)
            Marshal.WriteByte((nint)(start + at + offset), (byte)'*');
        return at >= 0;
    }
}

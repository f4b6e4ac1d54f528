using System.Reflection;
using System.Runtime.InteropServices;

namespace Workbench.Serving.Tests;

/// <summary>LightGBM's native library, which needs the OpenMP runtime (Debian package libgomp1).</summary>
internal static class LightGbmLibrary
{
    /// <summary>Skips a test of the named architecture or family where the library does not load.</summary>
    public static void SkipWhereAbsent(object architecture) => Assert.SkipWhen(
        $"{architecture}" == "LightGbm" && !NativeLibrary.TryLoad("lib_lightgbm", Assembly.Load("Microsoft.ML.LightGbm"), null, out _), "lib_lightgbm does not load: install libgomp1");
}

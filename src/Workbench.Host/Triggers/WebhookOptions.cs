namespace Workbench.Host.Triggers;

/// <summary>How messages of a trigger of type webhook are checked.</summary>
/// <param name="SecretVariable">Environment variable of the host that holds the secret, or null.</param>
/// <param name="SecretFile">File that holds it, or null; relative to the project.</param>
/// <param name="Tolerance">How far a message's time may be from the host's. Default 5 min.</param>
internal sealed record WebhookOptions(string? SecretVariable, string? SecretFile, TimeSpan Tolerance)
{
    public static IReadOnlyList<string> Names { get; } = ["secretEnv", "secretFile", "tolerance", "secret"];

    public static WebhookOptions Read(EntryReader reader)
    {
        if (reader.Has("secret"))
            reader.Add("secret stands in the definition, where everyone can read it. Name an environment variable (secretEnv) or a file (secretFile) that holds it.");
        if (reader.Has("secretEnv") == reader.Has("secretFile"))
            reader.Add("Give one of secretEnv, the environment variable of the host that holds the secret, and secretFile, the file that does.");
        return new(reader.Text("secretEnv"), reader.Text("secretFile"), reader.Time("tolerance", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)));
    }
}

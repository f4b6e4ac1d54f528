using Workbench.Workflows;

namespace Workbench.Host.Triggers;

/// <summary>Secrets of webhooks, read anew for each message so that they can be changed without a restart. Several, separated by white space, all count.</summary>
internal static class WebhookSecrets
{
    /// <exception cref="WorkflowException">The variable or file is missing, or holds no secret; never says what it holds.</exception>
    public static IReadOnlyList<byte[]> Read(WebhookOptions options, string project)
    {
        var place = options.SecretVariable is { } name ? $"The environment variable '{name}'" : $"The file '{options.SecretFile}'";
        var secrets = Text(options, project, place).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (secrets.Length == 0)
            throw new WorkflowException($"{place} is empty. Put the webhook's secret there, such as the output of: echo whsec_$(openssl rand -base64 32)");
        List<byte[]> keys = [];
        foreach (var secret in secrets)
        {
            var (key, problem) = StandardWebhook.ParseSecret(secret);
            keys.Add(key ?? throw new WorkflowException($"{place} holds no webhook secret: {problem}. Make one with: echo whsec_$(openssl rand -base64 32)"));
        }
        return keys;
    }

    private static string Text(WebhookOptions options, string project, string place)
    {
        if (options.SecretVariable is { } name)
            return Environment.GetEnvironmentVariable(name) ?? throw new WorkflowException($"{place} is not set on this host. Set it to the webhook's secret and start the host again.");
        var path = Path.Combine(project, options.SecretFile ?? "");
        return File.Exists(path) ? File.ReadAllText(path) : throw new WorkflowException($"{place} is not there. Write the webhook's secret into it.");
    }
}

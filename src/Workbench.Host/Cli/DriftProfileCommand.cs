using System.CommandLine;
using System.CommandLine.Parsing;
using Workbench.Drift;

namespace Workbench.Host.Cli;

/// <summary><c>workbench drift profile</c>: sketches of data that later stand for it as a reference.</summary>
internal static class DriftProfileCommand
{
    public static Command Create()
    {
        var data = new Argument<string?>("data") { Description = "Files, a glob or a folder to profile; not with --merge.", Arity = ArgumentArity.ZeroOrOne };
        var target = new Option<string>("--out") { Description = $"Write the profile to this file, which should end in {DriftProfile.Extension}.", Required = true };
        var shard = new Option<(int Index, int Count)?>("--shard") { Description = "Profile part I of N of the files, such as 1/4; the parts' profiles merge into the whole.", CustomParser = Shard };
        var columns = new Option<string[]>("--columns") { Description = "Columns to profile; the default is all.", AllowMultipleArgumentsPerToken = true };
        var exclude = new Option<string[]>("--exclude") { Description = "Columns to leave out.", AllowMultipleArgumentsPerToken = true };
        var memory = new Option<long?>("--memory-limit") { Description = "Memory that may be taken, such as 2GiB; the default is half of what there is.", CustomParser = ByteSizeText.Read };
        var merge = new Option<string[]>("--merge") { Description = "Profiles to put together into one.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("profile", "Sketch the columns of data, so that the profile can stand for it as a reference.") { data, target, shard, columns, exclude, memory, merge };
        command.Validators.Add(result =>
        {
            bool hasData = result.GetValue(data) is not null, hasMerge = result.GetValue(merge) is { Length: > 0 };
            if (hasData == hasMerge)
                result.AddError("Give either data to profile or --merge with profiles.");
            if (hasMerge && result.GetResult(shard) is { Implicit: false })
                result.AddError("--shard takes a part of data and does not go with --merge.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            DriftOptions Options(IProgress<DriftProgress> progress) => new()
            {
                Columns = parsed.GetValue(columns) is { Length: > 0 } chosen ? chosen : null,
                Exclude = parsed.GetValue(exclude) ?? [],
                MemoryLimit = parsed.GetValue(memory),
                Progress = progress,
            };
            var profile = parsed.GetValue(data) is { } path
                ? await BuildAsync(path, parsed.GetValue(shard), Options, cancellationToken)
                : DriftProfile.Merge(parsed.GetValue(merge)!.Select(DriftProfile.Load).ToList()); // data or merge is there
            string file = parsed.GetValue(target)!; // required
            profile.Save(file);
            Console.WriteLine(FormattableString.Invariant($"{profile.Rows:N0} rows, {profile.Columns.Count:N0} columns ({profile.Columns.Count(column => column.IsExact):N0} exactly): {file}"));
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<DriftProfile> BuildAsync(string path, (int Index, int Count)? shard, Func<IProgress<DriftProgress>, DriftOptions> with, CancellationToken cancellationToken)
    {
        await using var bar = new DriftProgressBar(Console.IsErrorRedirected);
        var options = with(bar);
        return await Task.Run(() => shard is { } part ? DriftProfile.BuildShard(path, part.Index, part.Count, options, cancellationToken) : DriftProfile.Build(path, options, cancellationToken), cancellationToken);
    }

    private static (int Index, int Count)? Shard(ArgumentResult result)
    {
        if (result.Tokens[0].Value.Split('/') is [var first, var last] && int.TryParse(first, out int index) && int.TryParse(last, out int count) && index >= 1 && index <= count)
            return (index, count);
        result.AddError($"'{result.Tokens[0].Value}' is no part. Write I/N with I from 1 to N, such as 2/8.");
        return null;
    }
}

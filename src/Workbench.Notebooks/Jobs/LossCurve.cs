namespace Workbench.Notebooks.Jobs;

/// <summary>Losses over the steps of a job, at most a few hundred points of each; what an attempt lost is taken back. Not thread-safe.</summary>
internal sealed class LossCurve
{
    private const int Most = 240;

    private readonly List<(long Step, double Loss)> _training = [], _validation = [];

    public IReadOnlyList<(long Step, double Loss)> Training => _training;

    public IReadOnlyList<(long Step, double Loss)> Validation => _validation;

    public void AddTraining(long step, double loss) => Add(_training, step, loss);

    public void AddValidation(long step, double loss) => Add(_validation, step, loss);

    /// <summary>Forgets what came after a step: a restarted job goes on from a checkpoint before.</summary>
    public void GoBackTo(long step)
    {
        _training.RemoveAll(point => point.Step > step);
        _validation.RemoveAll(point => point.Step > step);
    }

    // Every second point goes when there are too many; the first and the newest stay.
    private static void Add(List<(long Step, double Loss)> points, long step, double loss)
    {
        points.Add((step, loss));
        if (points.Count <= Most)
            return;
        var kept = points.Where((_, index) => index % 2 == 0 || index == points.Count - 1).ToList();
        points.Clear();
        points.AddRange(kept);
    }
}

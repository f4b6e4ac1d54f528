using TorchSharp.Modules;
using Workbench.Data;
using static TorchSharp.torch;

namespace Workbench.Training.Optimizers;

/// <summary>TorchSharp's AdamW or SGD, parameter by parameter.</summary>
internal sealed class BuiltinOptimizer : IStepOptimizer
{
    private const string StateName = "builtin";

    private readonly IReadOnlyList<(string Name, Parameter Value)> _parameters;
    private readonly OptimizerHelper _optimizer;

    public BuiltinOptimizer(IReadOnlyList<(string Name, Parameter Value)> parameters, OptimizerSettings options)
    {
        _parameters = parameters;
        var groups = parameters.GroupBy(parameter => TrainedParameters.Decays(parameter.Value, options))
            .Select(group => (Decay: group.Key ? options.WeightDecay : 0, Parameters: group.Select(parameter => parameter.Value).ToList())).ToList();
        using var scope = NewDisposeScope();
        _optimizer = options.Kind == OptimizerKind.AdamW
            ? new Builtin.AdamW(groups.Select(group => new AdamW.ParamGroup(group.Parameters, new AdamW.Options
            {
                LearningRate = options.LearningRate, InitialLearningRate = options.LearningRate, beta1 = options.Beta1, beta2 = options.Beta2, eps = options.Epsilon, weight_decay = group.Decay,
            })), options)
            : new Builtin.SGD(groups.Select(group => new SGD.ParamGroup(group.Parameters, new SGD.Options
            {
                LearningRate = options.LearningRate, InitialLearningRate = options.LearningRate, momentum = options.Momentum, weight_decay = group.Decay,
            })), options);
    }

    public OptimizerEngine Engine => OptimizerEngine.Builtin;

    public void ClearGradients()
    {
        foreach (var (_, parameter) in _parameters)
            parameter.grad = null;
    }

    public IReadOnlyList<Tensor> Gradients() => _parameters.Select(parameter => parameter.Value.grad).OfType<Tensor>().ToList();

    public void Step(double learningRate)
    {
        foreach (var group in _optimizer.ParamGroups)
            group.LearningRate = learningRate;
        _optimizer.step();
    }

    // TorchSharp's own format, as bytes.
    public IReadOnlyList<(string, Tensor)> State()
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, System.Text.Encoding.UTF8, leaveOpen: true))
            _optimizer.save_state_dict(writer);
        return [(StateName, tensor(bytes.ToArray(), ScalarType.Byte))];
    }

    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        if (!state.TryGetValue(StateName, out var saved))
            throw new DataException("The checkpoint was written with another optimizer engine than Builtin. Resume with the one it was written with.");
        using var reader = new BinaryReader(new MemoryStream(saved.bytes.ToArray()));
        using var scope = NewDisposeScope();
        _optimizer.load_state_dict(reader);
        scope.Detach(scope.DisposablesView.ToList());   // it keeps tensors that it makes here, and does not take them out of the caller's scope
    }

    public void Dispose() => _optimizer.Dispose();
}

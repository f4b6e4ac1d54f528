namespace Workbench.Distributed;

/// <summary>Which engine moves tensors between ranks.</summary>
public enum CollectiveBackend
{
    /// <summary>NCCL where every rank has a GPU of its own and NCCL is there, else MPI.</summary>
    Auto,
    /// <summary>Open MPI: tensors in host memory, on one host or many.</summary>
    Mpi,
    /// <summary>NCCL: tensors on GPUs, one GPU a rank; those in host memory go over Open MPI. Not yet tested on two GPUs.</summary>
    Nccl,
}

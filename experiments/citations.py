"""What the lectures say of history and notation, each beside its source."""

import pandas as pd

from study.lab.declare.experiment import Claim, Erratum, Simulation
from study.lab.declare.measures import Column
from study.lab.figures import Table
from study.lab.rules.verdicts import Cited

COPY = "in a copy of the text"
MEMORY = "reported (not re-read)"
# The claim, the source, its title, what it says, whether that was read, and whether it
# bears the claim out.
SOURCES = (
    (
        "d0-21",
        "IUPAC 2016, Pure and Applied Chemistry 88, 239",
        "Glossary of terms used in computational drug design, part II",
        "regularization introduces additional information to solve an ill-posed "
        "problem or to prevent overfitting",
        COPY,
        True,
    ),
    (
        "d2-24",
        "Glorot, Bordes and Bengio 2011, AISTATS",
        "Deep sparse rectifier neural networks",
        "deep rectifier networks reach their best performance without unsupervised "
        "pre-training, given many labels. Deep networks had been trained before, from "
        "2006 on, with pre-training",
        COPY,
        True,
    ),
    (
        "d2-84",
        "Goodfellow, Bengio and Courville 2016, MIT Press",
        "Deep Learning, introduction of chapter 6",
        "f* gives the target, y = f*(x); the network is another function, f(x; θ), "
        "which approximates f*",
        COPY,
        False,
    ),
    (
        "d2-85",
        "McCulloch and Pitts 1943, Bulletin of Mathematical Biophysics 5",
        "A logical calculus of the ideas immanent in nervous activity",
        "a unit fires or does not, after the all-or-none character of nervous activity",
        COPY,
        True,
    ),
    (
        "d4-05",
        "He, Zhang, Ren and Sun 2016, CVPR; Srivastava et al. 2014, JMLR 15",
        "Deep residual learning for image recognition; Dropout: a simple way to "
        "prevent neural networks from overfitting",
        "vanishing and exploding gradients are a notorious obstacle, by 2016 largely "
        "addressed by initialization and normalization (read in a copy); overfitting "
        "is a serious problem of large networks (reported)",
        "in part",
        True,
    ),
    (
        "d4-08",
        "Glorot and Bengio 2010, AISTATS",
        "Understanding the difficulty of training deep feedforward neural networks",
        "it asks why gradient descent from random initialization does so poorly; its "
        "own proposal is random too, with another scale",
        COPY,
        True,
    ),
    (
        "d4-18",
        "Goodfellow, Bengio and Courville 2016, MIT Press",
        "Deep Learning, section 8.4",
        "strategies of initialization are heuristics, since optimization of networks "
        "is not yet well understood",
        MEMORY,
        True,
    ),
    (
        "d4-36",
        "He, Zhang, Ren and Sun 2016, CVPR",
        "Deep residual learning for image recognition",
        "networks of up to 152 layers; an ensemble of them has a top-5 error of "
        "3.57 % on ImageNet. Below 3 % came later: Hu, Shen and Sun report 2.251 % "
        "for 2017, with residual networks",
        COPY,
        False,
    ),
    (
        "d4-49",
        "Krizhevsky, Sutskever and Hinton 2012, NeurIPS",
        "ImageNet classification with deep convolutional neural networks",
        "batches of 128 examples, momentum 0.9, weight decay 0.0005",
        COPY,
        False,
    ),
)


def claim(id, source, title, says, read, correct):
    return Claim(
        id,
        verdict=Cited(
            source=f"{source}: {title}",
            correct=correct,
            note=MEMORY if read == MEMORY else "" if correct else f"It says: {says}.",
        ),
    )


def run():
    columns = ("claim", "source", "title", "says", "read", "correct")
    table = pd.DataFrame(SOURCES, columns=columns)
    return table.assign(correct=table["correct"].astype(float))


EXPERIMENT = Simulation(
    title="Citations",
    claims=tuple(claim(*each) for each in SOURCES),
    run=run,
    measures=(Column("correct", "", "borne out by the source"),),
    tables=(
        Table(
            "The sources, and what they say in our words",
            where={},
            columns={
                "claim": "claim",
                "source": "source",
                "title": "title",
                "says": "what it says",
                "read": "read",
            },
        ),
    ),
    errata=(
        Erratum(
            id="E32",
            claim="d2-84",
            where="d2:46",
            says="y is approximately f*(x), the prediction",
            correction="y = f*(x) is the target; the prediction is f(x; θ), which "
            "approximates it",
        ),
        Erratum(
            id="E25",
            claim="d4-36",
            where="d4:198",
            says="with more than 100 layers ResNet brought the error to 3 % or less",
            correction="its ensemble of 2015 had a top-5 error of 3.57 %; less came "
            "with later networks",
        ),
        Erratum(
            id="E26",
            claim="d4-49",
            where="d4:252",
            says="Krizhevsky's network used batches of 256 examples",
            correction="128",
        ),
    ),
)
